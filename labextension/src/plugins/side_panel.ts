import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';

// eslint-disable-next-line jupyter/prefer-lazy-imports -- a restored layout shows it at once
import { DeliveryPanel } from '../panels/delivery_panel';
import { mlcdIcon } from '../icons';
import { CommandIDs, IDelivery } from '../tokens';

/** Third-party panels have 501 to 899. */
const RANK = 600;

export const sidePanel: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:side-panel',
  description: 'Shows where the project stands: what can be delivered, runs, evidence.',
  autoStart: true,
  requires: [IDelivery],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, delivery: IDelivery, restorer: ILayoutRestorer | null): void => {
    const { store, host } = delivery;
    const { trans } = host;
    const panel = new DeliveryPanel(store, host);
    app.shell.add(panel, 'left', { rank: RANK });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(CommandIDs.showPanel, {
      label: args => (args.isLauncher ? trans.__('Delivery') : trans.__('Show the Delivery Panel')),
      caption: trans.__('Test, review and deliver the notebooks of this project'),
      icon: args => (args.isPalette ? undefined : mlcdIcon),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
  }
};
