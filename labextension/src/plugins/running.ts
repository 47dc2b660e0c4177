import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';

// eslint-disable-next-line jupyter/prefer-lazy-imports -- the list asks for its entries at once
import { RunningRuns } from '../panels/running_runs';
import { IDelivery } from '../tokens';

export const running: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:running',
  description: 'Lists the runs that go on beside kernels and terminals, and cancels them.',
  autoStart: true,
  requires: [IDelivery],
  optional: [IRunningSessionManagers],
  activate: (
    _: JupyterFrontEnd,
    delivery: IDelivery,
    sections: IRunningSessionManagers | null
  ): void => {
    sections?.add(new RunningRuns(delivery.store, delivery.host));
  }
};
