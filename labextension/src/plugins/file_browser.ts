import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';

import type { Named } from '../panels/run_paths';
import { CommandIDs, IDelivery } from '../tokens';

/** The entries of schema/file-browser.json. */
export const fileBrowser: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:file-browser',
  description: 'Runs notebooks and folders that are selected in the file browser as tests.',
  autoStart: true,
  requires: [IDelivery, IFileBrowserFactory],
  activate: (app: JupyterFrontEnd, delivery: IDelivery, browsers: IFileBrowserFactory): void => {
    const { trans } = delivery.host;
    const selected = (): Named[] => [...(browsers.tracker.currentWidget?.selectedItems() ?? [])];
    const canRun = (): boolean => {
      const named = selected();
      return (
        named.length > 0 &&
        named.every(({ type, path }) => type === 'directory' || path.endsWith('.ipynb'))
      );
    };
    app.commands.addCommand(CommandIDs.runFiles, {
      label: () =>
        trans._n('Run as Test', 'Run %1 Selected as Tests', Math.max(1, selected().length)),
      caption: trans.__('Run what is selected as a test, on a private copy of the files'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            paths: {
              type: 'array',
              items: { type: 'string' },
              description: 'Notebooks; what is selected in the file browser if not given.'
            }
          }
        }
      },
      isVisible: canRun,
      isEnabled: args => Array.isArray(args.paths) || canRun(),
      execute: async args => {
        const { runPaths } = await import('../panels/run_paths');
        const given = Array.isArray(args.paths) ? args.paths.map(String) : null;
        const named = given?.map(path => ({ path, type: 'notebook' })) ?? selected();
        await runPaths(delivery, app.serviceManager.contents, named);
      }
    });
  }
};
