import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';

import { CommandIDs, IDelivery } from '../tokens';

/** What can be asked for by name, in the order of a day. */
export const IN_PALETTE: readonly string[] = [
  CommandIDs.showPanel,
  CommandIDs.setUp,
  CommandIDs.run,
  CommandIDs.runFailed,
  CommandIDs.runNotebook,
  CommandIDs.runFiles,
  CommandIDs.cancel,
  CommandIDs.showRun,
  CommandIDs.report,
  CommandIDs.accept,
  CommandIDs.commit,
  CommandIDs.keep,
  CommandIDs.evidence,
  CommandIDs.deliver,
  CommandIDs.openConfig
];

export const palette: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:palette',
  description: 'Lists every act of ours in the command palette, in one category.',
  autoStart: true,
  requires: [IDelivery, ICommandPalette],
  activate: (_: JupyterFrontEnd, delivery: IDelivery, commands: ICommandPalette): void => {
    const category = delivery.host.trans.__('Delivery');
    IN_PALETTE.forEach((command, rank) =>
      commands.addItem({ command, category, rank, args: { isPalette: true } })
    );
  }
};
