import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { Run, Status } from '../api/types';
import { newestRun, runsOf, statusOf } from '../store/live';
import { CommandIDs, IDelivery } from '../tokens';
import { countDiffering } from '../views/accepting';
import { PROJECT_FILE } from './project_file';

/** Every cell of a run that differs. */
const WHOLE = { case: '', cell: null } as const;
const NO_ARGS = { args: { type: 'object', properties: {} } } as const;

/** What only looks: the newest run, its report, the evidence, what mlcd.toml says. */
export const looking: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:looking',
  description: 'Shows the newest run, its report, all evidence and mlcd.toml as commands.',
  autoStart: true,
  requires: [IDelivery],
  activate: (app: JupyterFrontEnd, delivery: IDelivery): void => {
    const { commands } = app;
    const { store, host } = delivery;
    const { trans } = host;
    const status = (): Status | null => statusOf(store);
    const show = (run: Run | null, kind: 'run' | 'report'): void => {
      if (run) {
        host.open({ kind, project: store.state.project, run: run.id });
      }
    };
    const ended = (): Run | null => {
      const run = newestRun(status());
      return run?.state === 'ended' ? run : null;
    };
    const differing = (): Run | undefined =>
      runsOf(status()).find(run => run.state === 'ended' && countDiffering(run, WHOLE) > 0);

    commands.addCommand(CommandIDs.showRun, {
      label: trans.__('Show the Newest Run'),
      describedBy: NO_ARGS,
      isEnabled: () => newestRun(status()) !== null,
      execute: () => show(newestRun(status()), 'run')
    });
    commands.addCommand(CommandIDs.report, {
      label: trans.__('Show the Report of the Newest Run'),
      caption: trans.__('One page for people without Jupyter'),
      describedBy: NO_ARGS,
      isEnabled: () => ended() !== null,
      execute: () => show(ended(), 'report')
    });
    commands.addCommand(CommandIDs.accept, {
      label: trans.__('Accept New Results as Expected…'),
      describedBy: NO_ARGS,
      isEnabled: () => differing() !== undefined,
      execute: () => {
        const run = differing();
        if (run) {
          host.open({ kind: 'accept', project: store.state.project, run: run.id, ...WHOLE });
        }
      }
    });
    commands.addCommand(CommandIDs.evidence, {
      label: trans.__('Show All Evidence'),
      describedBy: NO_ARGS,
      isEnabled: () => status() !== null,
      execute: () => host.open({ kind: 'evidence-list', project: store.state.project })
    });
    commands.addCommand(CommandIDs.openConfig, {
      label: trans.__('Open %1', PROJECT_FILE),
      describedBy: NO_ARGS,
      isEnabled: () =>
        (status() ?? { problem: { code: 'no-config' } }).problem?.code !== 'no-config',
      execute: () => {
        const here = status();
        if (here) {
          host.openFile(here.project, PROJECT_FILE);
        }
      }
    });
    const ours = [
      CommandIDs.showRun,
      CommandIDs.report,
      CommandIDs.accept,
      CommandIDs.evidence,
      CommandIDs.openConfig
    ];
    store.changed.connect(() => ours.forEach(id => commands.notifyCommandChanged(id)));
  }
};
