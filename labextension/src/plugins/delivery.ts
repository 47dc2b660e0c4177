import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

/* eslint-disable jupyter/prefer-lazy-imports -- what it provides is asked for at once */
import { Client } from '../api/client';
import { serverTransport } from '../api/transport';
import { labHost } from '../panels/lab_host';
import { saveDocuments } from '../panels/saving';
import { serverPath } from '../panels/server_paths';
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
  optional: [IDefaultFileBrowser, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
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
    const { contents } = app.serviceManager;
    const drive = (): string => contents.driveName(browser?.model.path ?? '');
    const host = labHost({ app, documents, drive, trans, store, verbs, following, client });
    /** The document before the person, on the server. Our pages and the launcher are none. */
    const current = (): string => {
      const widget = app.shell.currentWidget;
      const context = widget && documents.contextForWidget(widget);
      return (context && serverPath(contents, context.path)) ?? '';
    };
    const folder = (): string => serverPath(contents, browser?.model.path ?? '') ?? '';
    const goTo = (path: string): void => {
      if (path && path !== store.state.path) {
        void following.goTo(path);
      }
    };
    app.shell.currentChanged?.connect(() => goTo(current()));
    browser?.model.pathChanged.connect(() => goTo(current() || folder()));
    void app.restored.then(() => following.start(current() || folder()));
    return { store, host, following };
  }
};
