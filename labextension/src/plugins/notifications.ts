import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import { IDelivery } from '../tokens';

export const notifications: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:notifications',
  description: 'Says in one notification how a run goes on and what it came to.',
  autoStart: true,
  requires: [IDelivery],
  activate: (_: JupyterFrontEnd, delivery: IDelivery): void => {
    const { store, host } = delivery;
    const begin = (): void => {
      if (store.state.started.size > 0) {
        store.changed.disconnect(begin);
        void import('../panels/run_notices').then(({ RunNotices }) => new RunNotices(store, host));
      }
    };
    store.changed.connect(begin);
  }
};
