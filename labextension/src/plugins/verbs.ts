import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';

import type { Run, Status, SuiteStatus } from '../api/types';
import { isRed } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import { actName } from '../store/acts';
import { CommandIDs, IDelivery } from '../tokens';
const NO_ARGS = { args: { type: 'object', properties: {} } } as const;
const ONE_RUN = {
  args: {
    type: 'object',
    properties: { run: { type: 'string', description: 'Id of the run; the newest if not given.' } }
  }
} as const;

/** Every verb of the server that needs no page of its own, as a command of the same name. */
export const verbs: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:verbs',
  description: 'Offers to run, cancel, keep, commit, set up and deliver as commands.',
  autoStart: true,
  requires: [IDelivery],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, delivery: IDelivery, palette: ICommandPalette | null): void => {
    const { store, host } = delivery;
    const { trans } = host;
    const { commands } = app;
    const status = (): Status | null => known(store.read(resources.status(store.state.project)));
    const failed = (act: string): void => {
      const state = store.state.acts.get(act);
      if (state?.state === 'failed') {
        Notification.error(words(state.problem), { autoClose: 8000 });
      }
    };

    commands.addCommand(CommandIDs.run, {
      label: args =>
        typeof args.suite === 'string' && args.suite
          ? trans.__('Run %1', args.suite)
          : trans.__('Run the Test Suite'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            suite: { type: 'string', description: 'Name of the suite; the first if not given.' }
          }
        }
      },
      isEnabled: () => (status()?.suites.length ?? 0) > 0,
      execute: async args => {
        const here = status();
        const suite = typeof args.suite === 'string' ? args.suite : here?.suites[0]?.name;
        if (here && suite && !(await host.verbs.run(here.project.id, { suite }))) {
          failed(actName.run(here.project.id, suite));
        }
      }
    });
    commands.addCommand(CommandIDs.runFailed, {
      label: trans.__('Run Failed Cases Only'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            suite: {
              type: 'string',
              description: 'Name of the suite; the first red one if not given.'
            }
          }
        }
      },
      isEnabled: () => status()?.suites.some(isRedSuite) ?? false,
      execute: async args => {
        const here = status();
        const name = here?.suites.find(isRedSuite)?.name;
        const suite = typeof args.suite === 'string' && args.suite ? args.suite : name;
        const request = { suite: suite ?? '', failed_only: true } as const;
        if (here && suite && !(await host.verbs.run(here.project.id, request))) {
          failed(actName.run(here.project.id, suite));
        }
      }
    });
    commands.addCommand(CommandIDs.cancel, {
      label: trans.__('Cancel the Run'),
      describedBy: ONE_RUN,
      isEnabled: () => runs(status()).some(run => run.state !== 'ended'),
      execute: async args => {
        const here = status();
        const run = named(runs(here), args.run) ?? runs(here).find(one => one.state !== 'ended');
        if (here && run) {
          await host.verbs.cancel(here.project.id, run.id);
          failed(actName.cancel(here.project.id, run.id));
        }
      }
    });
    commands.addCommand(CommandIDs.keep, {
      label: trans.__('Keep the Run as Evidence'),
      describedBy: ONE_RUN,
      isEnabled: () => runs(status()).some(run => run.state === 'ended' && !run.kept),
      execute: async args => {
        const here = status();
        const ended = runs(here).find(one => one.state === 'ended' && !one.kept);
        const run = named(runs(here), args.run) ?? ended;
        if (here && run) {
          await host.verbs.keep(here.project.id, run.id);
          failed(actName.keep(here.project.id, run.id));
        }
      }
    });
    commands.addCommand(CommandIDs.evidence, {
      label: trans.__('Show All Evidence'),
      describedBy: NO_ARGS,
      isEnabled: () => status() !== null,
      execute: () => host.open({ kind: 'evidence-list', project: store.state.project })
    });
    commands.addCommand(CommandIDs.commit, {
      label: trans.__('Commit Changed Files…'),
      describedBy: NO_ARGS,
      isEnabled: () => status() !== null,
      execute: () => host.open({ kind: 'commit', project: store.state.project })
    });
    commands.addCommand(CommandIDs.setUp, {
      label: trans.__('Set Up This Project'),
      describedBy: NO_ARGS,
      isEnabled: () => status()?.problem?.code === 'no-config',
      execute: async () => {
        const { setUp } = await import('../views/way_out');
        const here = status();
        if (here) {
          setUp(host, here.project);
        }
      }
    });
    const ours = [
      CommandIDs.run,
      CommandIDs.runFailed,
      CommandIDs.cancel,
      CommandIDs.keep,
      CommandIDs.evidence,
      CommandIDs.commit,
      CommandIDs.setUp
    ];
    ours.forEach(command => palette?.addItem({ command, category: trans.__('Delivery') }));
    store.changed.connect(() => ours.forEach(command => commands.notifyCommandChanged(command)));
  }
};

function isRedSuite({ run }: SuiteStatus): boolean {
  return run?.state === 'ended' && isRed(run.verdict);
}

function runs(status: Status | null): Run[] {
  return status ? [...status.suites.flatMap(suite => suite.run ?? []), ...status.runs] : [];
}

function named(all: readonly Run[], id: unknown): Run | undefined {
  return all.find(run => run.id === id);
}

function words(problem: { message: string; hint?: string }): string {
  return [problem.message, problem.hint].filter(Boolean).join(' ');
}
