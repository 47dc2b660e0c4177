import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { problemOf } from '../api/problem';
import { statusOf } from '../store/live';
import { CommandIDs, IDelivery } from '../tokens';

/** The two buttons of schema/notebook-toolbar.json. */
export const notebookToolbar: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:notebook-toolbar',
  description: 'Runs the open notebook as a test, and leads to the Deliver page.',
  autoStart: true,
  requires: [IDelivery, INotebookTracker],
  activate: (app: JupyterFrontEnd, delivery: IDelivery, notebooks: INotebookTracker): void => {
    const { store, host } = delivery;
    const { trans } = host;

    app.commands.addCommand(CommandIDs.runNotebook, {
      label: args =>
        args.isPalette || args.isMenu
          ? trans.__('Run the Open Notebook as a Test')
          : trans.__('Run as test'),
      caption: trans.__('Save this notebook and run it as a test, on a private copy of the files'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => notebooks.currentWidget !== null,
      execute: async () => {
        const context = notebooks.currentWidget?.context;
        if (context && (await isSaved(context, trans))) {
          const { runPaths } = await import('../panels/run_paths');
          const named = [{ path: context.path, type: 'notebook' }];
          await runPaths(delivery, app.serviceManager.contents, named);
        }
      }
    });
    const follow = (): void => app.commands.notifyCommandChanged(CommandIDs.runNotebook);
    notebooks.currentChanged.connect(follow);
    notebooks.widgetAdded.connect((_, widget) => {
      void import('../panels/open_file').then(({ showLeftCell }) => showLeftCell(widget));
    });

    app.commands.addCommand(CommandIDs.deliver, {
      label: () => {
        const name = statusOf(store)?.project.name ?? '';
        return name ? trans.__('Deliver %1…', name) : trans.__('Deliver…');
      },
      caption: trans.__('Show what can be delivered, what stands in the way and what will happen'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            environment: {
              type: 'string',
              description: 'Where to; the next one that can be reached if not given.'
            }
          }
        }
      },
      execute: args => {
        const status = statusOf(store);
        const asked = status?.environments.find(({ name }) => name === args.environment);
        const environment = asked?.name ?? status?.deliver?.environment ?? '';
        if (status && environment) {
          host.open({ kind: 'deliver', project: status.project.id, environment });
        } else {
          void app.commands.execute(CommandIDs.showPanel);
        }
      }
    });
    let named = '';
    store.changed.connect(() => {
      const name = statusOf(store)?.project.name ?? '';
      if (name !== named) {
        named = name;
        app.commands.notifyCommandChanged(CommandIDs.deliver);
      }
    });
  }
};

/** Save a notebook. Where that fails it is said, and nothing is to be run. */
async function isSaved(
  context: DocumentRegistry.Context,
  trans: TranslationBundle
): Promise<boolean> {
  try {
    const { save } = await import('../panels/saving');
    await save([context], trans);
    return true;
  } catch (error) {
    const { message, hint } = problemOf(error);
    Notification.warning([message, hint].filter(Boolean).join(' '), { autoClose: 8000 });
    return false;
  }
}
