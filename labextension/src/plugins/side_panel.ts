import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';

// eslint-disable-next-line jupyter/prefer-lazy-imports -- a restored layout shows it at once
import { DeliveryPanel } from '../panels/delivery_panel';
import { CommandIDs, IDelivery } from '../tokens';

/** Third-party panels have 501 to 899. */
const RANK = 600;

export const sidePanel: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:side-panel',
  description: 'Shows where the project stands: what can be delivered, runs, evidence.',
  autoStart: true,
  requires: [IDelivery],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    delivery: IDelivery,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): void => {
    const { store, host } = delivery;
    const { trans } = host;
    const panel = new DeliveryPanel(store, host);
    app.shell.add(panel, 'left', { rank: RANK });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(CommandIDs.showPanel, {
      label: trans.__('Show the Delivery Panel'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: CommandIDs.showPanel, category: trans.__('Delivery') });
  }
};
