import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';

import { holds } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import { actName } from '../store/acts';
import { CommandIDs, IDelivery } from '../tokens';

/** The two buttons of schema/notebook-toolbar.json. */
export const notebookToolbar: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:notebook-toolbar',
  description: 'Runs the open notebook as a test, and leads to the Deliver page.',
  autoStart: true,
  requires: [IDelivery, INotebookTracker],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    delivery: IDelivery,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null
  ): void => {
    const { store, host, following } = delivery;
    const { trans } = host;
    const say = (words: string): void => {
      Notification.warning(words, { autoClose: 8000 });
    };

    app.commands.addCommand(CommandIDs.runNotebook, {
      label: trans.__('Run as test'),
      caption: trans.__('Save this notebook and run it as a test, on a private copy of the files'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => notebooks.currentWidget !== null,
      execute: async () => {
        const context = notebooks.currentWidget?.context;
        if (!context) {
          return;
        }
        await context.save();
        await following.goTo(context.localPath);
        const id = store.state.project;
        const place = known(store.read(resources.projects(context.localPath)))?.find(
          project => project.id === id && holds(project, context.localPath)
        );
        if (!place) {
          say(trans.__('This notebook is in no git repository, so nothing can be proved of it.'));
          return;
        }
        const notebook = place.path
          ? context.localPath.slice(place.path.length + 1)
          : context.localPath;
        if (!(await host.verbs.run(id, { notebook }))) {
          const act = store.state.acts.get(actName.run(id, notebook));
          if (act?.state === 'failed') {
            say([act.problem.message, act.problem.hint].filter(Boolean).join(' '));
          }
        }
      }
    });
    app.commands.addCommand(CommandIDs.deliver, {
      label: trans.__('Deliver…'),
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
        const { project } = store.state;
        const status = known(store.read(resources.status(project)));
        const asked = typeof args.environment === 'string' ? args.environment : '';
        const environment = asked || (status?.deliver?.environment ?? '');
        if (environment) {
          host.open({ kind: 'deliver', project, environment });
        } else {
          void app.commands.execute(CommandIDs.showPanel);
        }
      }
    });
    const category = trans.__('Delivery');
    palette?.addItem({ command: CommandIDs.runNotebook, category });
    palette?.addItem({ command: CommandIDs.deliver, category });
  }
};
