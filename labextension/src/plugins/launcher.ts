import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';

import { CommandIDs, IDelivery } from '../tokens';

/** Where a new day begins: the panel, which leads on to setting up. */
export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:launcher',
  description: 'Offers the Delivery panel in the launcher.',
  autoStart: true,
  requires: [IDelivery],
  optional: [ILauncher],
  activate: (_: JupyterFrontEnd, delivery: IDelivery, cards: ILauncher | null): void => {
    cards?.add({
      command: CommandIDs.showPanel,
      args: { isLauncher: true },
      category: delivery.host.trans.__('Delivery'),
      rank: 1
    });
  }
};
