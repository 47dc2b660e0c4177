import {
  ILabShell,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

/* eslint-disable jupyter/prefer-lazy-imports -- what it provides is asked for at once */
import { Client } from '../api/client';
import { serverTransport } from '../api/transport';
import { labHost, saveDocuments } from '../panels/lab_host';
import { Following } from '../store/following';
import { Store } from '../store/store';
import { Verbs } from '../store/verbs';
import { IDelivery } from '../tokens';

/** Makes the one store and keeps it close to the server. */
export const delivery: JupyterFrontEndPlugin<IDelivery> = {
  id: 'jupyter-mlcd:delivery',
  description: 'Keeps the state of the current project and follows the server.',
  autoStart: true,
  provides: IDelivery,
  requires: [IDocumentManager],
  optional: [ILabShell, IDefaultFileBrowser, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    shell: ILabShell | null,
    browser: IDefaultFileBrowser | null,
    translator: ITranslator | null
  ): IDelivery => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlcd');
    const { serverSettings, events } = app.serviceManager;
    const client = new Client(serverTransport(serverSettings, trans));
    const store = new Store(client);
    const verbs = new Verbs(
      store,
      project => saveDocuments(app, documents, store, trans, project),
      told => void import('../panels/done_notices').then(({ tellDone }) => tellDone(told, host))
    );
    const following = new Following(store, events);
    const host = labHost({ app, documents, trans, store, verbs, following, client });
    const goTo = (path: string): void => {
      if (path && path !== store.state.path) {
        void following.goTo(path);
      }
    };
    shell?.currentPathChanged.connect((_, { newValue }) => goTo(newValue));
    browser?.model.pathChanged.connect((_, { newValue }) => {
      if (!shell?.currentPath) {
        goTo(app.serviceManager.contents.localPath(newValue));
      }
    });
    void app.restored.then(() => {
      const folder = browser ? app.serviceManager.contents.localPath(browser.model.path) : '';
      return following.start(shell?.currentPath ?? folder);
    });
    return { store, host, following };
  }
};
