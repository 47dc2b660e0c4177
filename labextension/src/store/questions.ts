/** Small questions about what the server said. */
import type { ProjectReference, Status, Verdict } from '../api/types';

/** Whether a project holds a path; at the root it holds all. */
export function holds(project: ProjectReference, path: string): boolean {
  return project.path === '' || path === project.path || path.startsWith(`${project.path}/`);
}

/** Whether a run or a delivery goes on. */
export function isUnderWay(status: Status): boolean {
  const runs = [...status.runs, ...status.suites.flatMap(suite => suite.run ?? [])];
  return (
    runs.some(run => run.state !== 'ended') ||
    status.environments.some(({ delivery }) => delivery !== null && !isOver(delivery.state))
  );
}

/** Whether nothing more is expected to happen to a delivery. */
export function isOver(state: string): boolean {
  return ['refused', 'delivered', 'failed', 'cancelled'].includes(state);
}

/** Whether it counts as passed; what passed on a retry does, and says so. */
export function isGreen(verdict: Verdict | null): boolean {
  return verdict === 'passed' || verdict === 'flaky';
}

/** Whether a run, case or cell came to something that somebody has to look at. */
export function isRed(verdict: Verdict | null): boolean {
  const calm: readonly (Verdict | null)[] = [null, 'cancelled', 'not-run', 'skipped'];
  return !isGreen(verdict) && !calm.includes(verdict);
}
