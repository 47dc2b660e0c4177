import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';

import type { Run, Status, SuiteStatus } from '../api/types';
import { actName } from '../store/acts';
import { liveRuns, runsOf, statusOf } from '../store/live';
import { isRed } from '../store/questions';
import { CommandIDs, IDelivery } from '../tokens';

const NO_ARGS = { args: { type: 'object', properties: {} } } as const;
const ONE_RUN = {
  args: {
    type: 'object',
    properties: { run: { type: 'string', description: 'Id of the run; the newest if not given.' } }
  }
} as const;
const ONE_SUITE = {
  args: {
    type: 'object',
    properties: {
      suite: { type: 'string', description: 'Name of the suite; asked for if not given.' }
    }
  }
} as const;

/** Every verb of the server that needs no page of its own, as a command of the same name. */
export const verbs: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlcd:verbs',
  description: 'Offers to run, cancel, keep, commit and set up as commands.',
  autoStart: true,
  requires: [IDelivery],
  activate: (app: JupyterFrontEnd, delivery: IDelivery): void => {
    const added = { ...running(delivery), ...keeping(delivery) };
    for (const [id, options] of Object.entries(added)) {
      app.commands.addCommand(id, options);
    }
    delivery.store.changed.connect(() =>
      Object.keys(added).forEach(id => app.commands.notifyCommandChanged(id))
    );
  }
};

type Commands = Record<string, CommandRegistry.ICommandOptions>;

function running({ store, host }: IDelivery): Commands {
  const { trans, verbs } = host;
  const status = (): Status | null => statusOf(store);
  return {
    [CommandIDs.run]: {
      label: args =>
        typeof args.suite === 'string' && args.suite
          ? trans.__('Run %1', args.suite)
          : trans.__('Run the Test Suite'),
      caption: trans.__('Run every notebook of a suite, each on a private copy of the files'),
      describedBy: ONE_SUITE,
      isEnabled: () => (status()?.suites.length ?? 0) > 0,
      execute: async args => {
        const here = status();
        const suite = await chosen(here?.suites ?? [], args.suite, host);
        if (here && suite && !(await verbs.run(here.project.id, { suite }))) {
          sayWhy(store, actName.run(here.project.id, suite));
        }
      }
    },
    [CommandIDs.runFailed]: {
      label: trans.__('Run Failed Cases Only'),
      describedBy: ONE_SUITE,
      isEnabled: () => status()?.suites.some(isRedSuite) ?? false,
      execute: async args => {
        const here = status();
        const suite = await chosen(here?.suites.filter(isRedSuite) ?? [], args.suite, host);
        const request = { suite: suite ?? '', failed_only: true } as const;
        if (here && suite && !(await verbs.run(here.project.id, request))) {
          sayWhy(store, actName.run(here.project.id, suite));
        }
      }
    },
    [CommandIDs.cancel]: {
      label: trans.__('Cancel the Run'),
      describedBy: ONE_RUN,
      isEnabled: () => liveRuns(status()).length > 0,
      execute: async args => {
        const here = status();
        const run = args.run === undefined ? liveRuns(here)[0] : named(runsOf(here), args.run);
        if (here && run) {
          await verbs.cancel(here.project.id, run.id);
          sayWhy(store, actName.cancel(here.project.id, run.id));
        }
      }
    }
  };
}

function keeping({ store, host }: IDelivery): Commands {
  const { trans, verbs } = host;
  const status = (): Status | null => statusOf(store);
  const canKeep = (run: Run): boolean => run.state === 'ended' && !run.kept;
  return {
    [CommandIDs.keep]: {
      label: trans.__('Keep the Run as Evidence'),
      describedBy: ONE_RUN,
      isEnabled: () => runsOf(status()).some(canKeep),
      execute: async args => {
        const here = status();
        const run =
          args.run === undefined ? runsOf(here).find(canKeep) : named(runsOf(here), args.run);
        if (here && run) {
          const project = here.project.id;
          await verbs.keep(project, run.id);
          const act = store.state.acts.get(actName.keep(project, run.id));
          const { isToLookAt } = await import('../views/secret_words');
          if (act?.state === 'failed' && isToLookAt(act.problem)) {
            host.open({ kind: 'secrets', project, run: run.id });
          } else {
            sayWhy(store, actName.keep(project, run.id));
          }
        }
      }
    },
    [CommandIDs.commit]: {
      label: trans.__('Commit Changed Files…'),
      describedBy: NO_ARGS,
      isEnabled: () => status() !== null,
      execute: () => host.open({ kind: 'commit', project: store.state.project })
    },
    [CommandIDs.setUp]: {
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
    }
  };
}

/** The suite that is named, or the only one, or the one that a person chooses. */
async function chosen(
  suites: readonly SuiteStatus[],
  name: unknown,
  { trans }: IDelivery['host']
): Promise<string | null> {
  if (typeof name === 'string' && name) {
    return name;
  }
  const names = suites.map(suite => suite.name);
  if (names.length < 2) {
    return names[0] ?? null;
  }
  const answer = await InputDialog.getItem({
    title: trans.__('Which suite?'),
    items: names,
    okLabel: trans.__('Run')
  });
  return answer.button.accept ? answer.value : null;
}

function isRedSuite({ run }: SuiteStatus): boolean {
  return run?.state === 'ended' && isRed(run.verdict);
}

function named(all: readonly Run[], id: unknown): Run | undefined {
  return all.find(run => run.id === id);
}

/** Say what a person does not see otherwise: she may have the panel closed. */
function sayWhy(store: IDelivery['store'], act: string): void {
  const state = store.state.acts.get(act);
  if (state?.state === 'failed') {
    const words = [state.problem.message, state.problem.hint].filter(Boolean).join(' ');
    Notification.error(words, { autoClose: 8000 });
  }
}
