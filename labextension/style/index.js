import './base.css';
import './marks.css';
import './panel.css';
import './page.css';
