/** Table of contents: what JupyterLab loads of us, one plug-in per file. */
import { delivery } from './plugins/delivery';
import { notebookToolbar } from './plugins/notebook_toolbar';
import { notifications } from './plugins/notifications';
import { pages } from './plugins/pages';
import { projectFile } from './plugins/project_file';
import { sidePanel } from './plugins/side_panel';
import { verbs } from './plugins/verbs';

export default [projectFile, delivery, sidePanel, pages, verbs, notebookToolbar, notifications];
