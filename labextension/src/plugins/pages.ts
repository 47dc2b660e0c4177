import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';

import type { PageView } from '../panels/pages';
import { VIEW_ARGS, viewOf } from '../panels/view_args';
import type { IState } from '../store/store';
import { CommandIDs, IDelivery } from '../tokens';

export const pages: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:pages',
  description: 'Opens runs, evidence, executed notebooks, the Deliver page, and the dialogs.',
  autoStart: true,
  requires: [IDelivery, IDocumentManager],
  optional: [ILabShell, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    delivery: IDelivery,
    documents: IDocumentManager,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const { store, host } = delivery;
    const tracker = new WidgetTracker<MainAreaWidget>({ namespace: 'jupyter-mlcd' });
    const views = new Map<string, PageView>();
    const show = async (view: PageView): Promise<void> => {
      const { makePage, pageId } = await import('../panels/pages');
      const id = pageId(view);
      const there = tracker.find(widget => widget.id === id);
      if (there && view.kind === 'roll-back') {
        there.dispose(); // It may be about another version now.
      }
      views.set(id, view);
      if (!there || there.isDisposed) {
        const widget = new MainAreaWidget({ content: makePage(view, store, host) });
        widget.id = id;
        widget.title.closable = true;
        widget.toolbar.hide();
        app.shell.add(widget, 'main');
        void tracker.add(widget);
      }
      app.shell.activateById(id);
    };
    app.commands.addCommand(CommandIDs.open, {
      label: host.trans.__('Open a Page of Delivery'),
      describedBy: { args: VIEW_ARGS },
      execute: async args => {
        const view = viewOf(args);
        if (view?.kind === 'commit') {
          const { showCommitDialog } = await import('../panels/commit_dialog');
          await showCommitDialog(view.project, store, host);
        } else if (view?.kind === 'accept') {
          const { showAcceptDialog } = await import('../panels/accept_dialog');
          await showAcceptDialog(view, store, host);
        } else if (view) {
          if (view.kind === 'deliver') {
            host.verbs.show(view.project, view.environment, view.delivery);
          }
          // Elsewhere a page is a document, at once: a browser opens tabs only on a click.
          if (shell) {
            await show(view);
          } else {
            const { pagePath } = await import('../panels/page_paths');
            documents.openOrReveal(pagePath(view));
          }
        }
      }
    });
    let { confirmed } = store.state;
    store.changed.connect(() => {
      if (confirmed !== store.state.confirmed) {
        confirmed = store.state.confirmed;
        tracker.forEach(widget => void tracker.save(widget));
      }
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.open,
      args: widget => ({ ...lasting(views.get(widget.id), store.state.confirmed) }),
      name: widget => widget.id
    });
  }
};

/** A view as it is found again after a reload: the Deliver page with the delivery it shows. */
function lasting(view: PageView | undefined, confirmed: IState['confirmed']): Partial<PageView> {
  if (view?.kind !== 'deliver') {
    return view ?? {};
  }
  const { kind, project, environment } = view;
  const delivery = confirmed.get(`${project}:${environment}`);
  return delivery ? { kind, project, environment, delivery } : { kind, project, environment };
}
