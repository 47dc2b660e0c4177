import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';

// eslint-disable-next-line jupyter/prefer-lazy-imports -- the bar asks at once whether it is needed
import { StatusLine } from '../panels/status_line';
import { CommandIDs, IDelivery } from '../tokens';

/** Beside what JupyterLab says of kernels and terminals. */
const RANK = 3;

export const statusBar: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:status-bar',
  description: 'Says at the bottom what runs, or how the newest run ended.',
  autoStart: true,
  requires: [IDelivery],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, delivery: IDelivery, bar: IStatusBar | null): void => {
    if (!bar) {
      return; // Notebook 7 has none.
    }
    const { store, host } = delivery;
    const show = (): void => void app.commands.execute(CommandIDs.showPanel);
    const item = new StatusLine(store, host, show);
    bar.registerStatusItem('jupyter-mlcd:status-bar', {
      item,
      align: 'left',
      rank: RANK,
      isActive: () => item.isNeeded,
      activeStateChanged: store.changed
    });
  }
};
