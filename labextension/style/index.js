import './base.css';
import './marks.css';
import './panel.css';
import './page.css';
import './set_up.css';
import './deliver.css';
