/** Which runs go on, and which one is the newest, of the project that is shown. */
import type { Run, Status } from '../api/types';
import { known } from './remote';
import * as resources from './resources';
import type { Store } from './store';

/** What is known of the project that is shown. */
export function statusOf(store: Store): Status | null {
  const { project } = store.state;
  return project ? known(store.read(resources.status(project))) : null;
}

/** The runs that a status tells of: of each suite the newest one, then the single ones. */
export function runsOf(status: Status | null): Run[] {
  return status ? [...status.suites.flatMap(suite => suite.run ?? []), ...status.runs] : [];
}

/** A status as it is told with a run that the server has just begun. */
export function withRun(status: Status, run: Run): Status {
  const begun = { run, match: null, changed: [] };
  const isSuite = status.suites.some(suite => suite.name === run.suite);
  return {
    ...status,
    suites: status.suites.map(suite => (suite.name === run.suite ? { ...suite, ...begun } : suite)),
    runs: isSuite ? status.runs : [run, ...status.runs.filter(other => other.id !== run.id)]
  };
}

/** Those that go on. */
export function liveRuns(status: Status | null): Run[] {
  return runsOf(status).filter(run => run.state !== 'ended');
}

/** The one that was started last; null before the first. */
export function newestRun(status: Status | null): Run | null {
  const runs = runsOf(status);
  return runs.reduce<Run | null>(
    (newest, run) => (newest && newest.started >= run.started ? newest : run),
    null
  );
}
