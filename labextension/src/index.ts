/** Table of contents: what JupyterLab loads of us, one plug-in per file. */
import { delivery } from './plugins/delivery';
import { fileBrowser } from './plugins/file_browser';
import { launcher } from './plugins/launcher';
import { looking } from './plugins/looking';
import { notebookToolbar } from './plugins/notebook_toolbar';
import { notifications } from './plugins/notifications';
import { pageDocuments } from './plugins/page_documents';
import { pages } from './plugins/pages';
import { palette } from './plugins/palette';
import { projectFile } from './plugins/project_file';
import { running } from './plugins/running';
import { sidePanel } from './plugins/side_panel';
import { statusBar } from './plugins/status_bar';
import { verbs } from './plugins/verbs';

export default [
  projectFile,
  delivery,
  sidePanel,
  pages,
  pageDocuments,
  verbs,
  looking,
  palette,
  notebookToolbar,
  fileBrowser,
  launcher,
  statusBar,
  running,
  notifications
];
