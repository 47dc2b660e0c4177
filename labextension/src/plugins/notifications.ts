import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { DesktopNotices } from '../panels/desktop_notices';
import type { RunNotices, Wanted } from '../panels/run_notices';
import { liveRuns, statusOf } from '../store/live';
import { IDelivery } from '../tokens';

const ID = 'jupyter-mlcd:notifications';

/** What schema/notifications.json offers. */
export const notifications: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Says in one notification how a run goes on and what it came to.',
  autoStart: true,
  requires: [IDelivery],
  optional: [ISettingRegistry],
  activate: async (
    _: JupyterFrontEnd,
    delivery: IDelivery,
    registry: ISettingRegistry | null
  ): Promise<void> => {
    const { store, host } = delivery;
    const settings = (await registry?.load(ID).catch(() => null)) ?? null;
    const wanted = (): Wanted => (settings?.get('runs').composite as Wanted | undefined) ?? 'every';
    const isDesktop = (): boolean => settings?.get('desktop').composite === true;
    let desktop: Promise<DesktopNotices> | null = null;
    const notices = (): Promise<DesktopNotices> => {
      desktop ??= import('../panels/desktop_notices').then(
        ({ DesktopNotices }) => new DesktopNotices(host.trans)
      );
      return desktop;
    };
    let wasDesktop = isDesktop();
    settings?.changed.connect(() => {
      if (isDesktop() && !wasDesktop) {
        void notices().then(found => found.askFirst());
      }
      wasDesktop = isDesktop();
    });
    let shown: RunNotices | null = null;
    const begin = (): void => {
      if (store.state.started.size > 0 || liveRuns(statusOf(store)).length > 0) {
        store.changed.disconnect(begin);
        void import('../panels/run_notices').then(({ RunNotices }) => {
          shown ??= new RunNotices(store, host, {
            wanted,
            ended: (run, words, see) => {
              if (isDesktop()) {
                void notices().then(found => found.show(run, words, see));
              }
            }
          });
        });
      }
    };
    store.changed.connect(begin);
    begin();
  }
};
