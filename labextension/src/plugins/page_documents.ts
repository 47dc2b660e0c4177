import {
  ILabShell,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';

import { IDelivery } from '../tokens';

/** JupyterLab opens pages beside documents; elsewhere they are documents of a drive of ours. */
export const pageDocuments: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:page-documents',
  description: 'Shows pages as documents, where the shell opens nothing else, as in Notebook 7.',
  autoStart: true,
  requires: [IDelivery],
  optional: [ILabShell],
  activate: async (
    app: JupyterFrontEnd,
    delivery: IDelivery,
    shell: ILabShell | null
  ): Promise<void> => {
    if (!shell) {
      // Awaited: the address of this very tab may name a page.
      const { addPageDocuments } = await import('../panels/page_documents');
      addPageDocuments(app, delivery);
    }
  }
};
