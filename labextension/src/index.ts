/** Table of contents: what JupyterLab loads of us, one plug-in per file. */
import { projectFile } from './plugins/project_file';

export default [projectFile];
