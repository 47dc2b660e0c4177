/** Pages as documents, where the shell has no room for anything else: Notebook 7. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import {
  ABCWidgetFactory,
  type DocumentRegistry,
  type IDocumentWidget
} from '@jupyterlab/docregistry';
import type { Message } from '@lumino/messaging';
import { BoxPanel, type Widget } from '@lumino/widgets';

import { mlcdIcon } from '../icons';
import { CommandIDs, type IDelivery } from '../tokens';
import { NoPage } from './no_page';
import { PageDrive } from './page_drive';
import { PAGE_ENDING, pageAt } from './page_paths';

/** Name of the factory and of the file type. */
export const PAGE_FACTORY = 'mlcd-page';

/** Teach the registry of documents what a page is, and where they are read from. */
export function addPageDocuments(app: JupyterFrontEnd, delivery: IDelivery): void {
  const { trans } = delivery.host;
  const { contents, serverSettings } = app.serviceManager;
  contents.addDrive(new PageDrive(serverSettings));
  app.docRegistry.addFileType({
    name: PAGE_FACTORY,
    displayName: trans.__('Page of Delivery'),
    extensions: [PAGE_ENDING],
    mimeTypes: [],
    contentType: 'file',
    fileFormat: 'text',
    icon: mlcdIcon
  });
  // Lumino's classes write `contentProviderId?: string` where they mean `| undefined` as well.
  app.docRegistry.addWidgetFactory(
    new PageFactory(app, delivery) as DocumentRegistry.WidgetFactory
  );
}

class PageFactory extends ABCWidgetFactory<PageDocument> {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _delivery: IDelivery
  ) {
    super({
      name: PAGE_FACTORY,
      label: _delivery.host.trans.__('Page of Delivery'),
      fileTypes: [PAGE_FACTORY],
      defaultFor: [PAGE_FACTORY],
      readOnly: true
    });
  }

  protected override createNewWidget(context: DocumentRegistry.Context): PageDocument {
    return new PageDocument(context, this._app, this._delivery);
  }
}

/** One page. It is made when it is shown: the tab that opens another one makes it for nothing. */
class PageDocument extends MainAreaWidget<BoxPanel> implements IDocumentWidget<BoxPanel> {
  constructor(
    readonly context: DocumentRegistry.Context,
    private readonly _app: JupyterFrontEnd,
    private readonly _delivery: IDelivery
  ) {
    super({ content: new Place(() => leave(_app)) });
    this.toolbar.hide();
    this.addClass('jp-Mlcd-pageDocument');
  }

  /** There is no place inside a page to go to. */
  setFragment(): void {
    // Nothing to do.
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.content.widgets.length === 0) {
      void this._show();
    }
  }

  private async _show(): Promise<void> {
    const { store, host, following } = this._delivery;
    const view = pageAt(this.context.localPath);
    if (view?.kind === 'deliver' && view.delivery) {
      host.verbs.show(view.project, view.environment, view.delivery);
    }
    const { makePage } = await import('./pages');
    const showPanel = (): void => void this._app.commands.execute(CommandIDs.showPanel);
    const page: Widget = view ? makePage(view, store, host) : new NoPage(host, showPanel);
    page.title.changed.connect(() => this._follow(page));
    this.content.addWidget(page);
    this._follow(page);
    if (view) {
      following.choose(view.project);
    }
  }

  /** The browser's tab is called like the page. */
  private _follow(page: Widget): void {
    this.title.label = page.title.label;
    if (page.title.label) {
      document.title = page.title.label;
    }
  }
}

/** Holds a page, which closes what it is in when it is done. */
class Place extends BoxPanel {
  constructor(private readonly _leave: () => void) {
    super();
  }

  protected override onCloseRequest(): void {
    this._leave();
  }
}

/** Close the tab; a browser lets that be only where a script opened it. Else go where files are. */
function leave(app: JupyterFrontEnd): void {
  window.close();
  window.location.assign(URLExt.join(app.serviceManager.serverSettings.baseUrl, 'tree'));
}
