/** Small questions about what the server said. */
import type { ProjectReference, Status } from '../api/types';

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
