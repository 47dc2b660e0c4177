import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { mlcdIcon } from '../icons';

/** The file that makes a folder a project. */
export const PROJECT_FILE = 'mlcd.toml';

/** Shows `mlcd.toml` as what it is: with our mark, and opened as text. */
export const projectFile: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:project-file',
  description: 'Names and marks mlcd.toml wherever JupyterLab lists files.',
  autoStart: true,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null): void => {
    const words = (translator ?? nullTranslator).load('jupyter_mlcd');
    app.docRegistry.addFileType({
      name: 'mlcd-project',
      displayName: words.__('MLCD project'),
      pattern: '^mlcd\\.toml$',
      extensions: [],
      mimeTypes: ['application/toml', 'text/plain'],
      contentType: 'file',
      fileFormat: 'text',
      icon: mlcdIcon
    });
  }
};
