/** Names of acts: the verb, then what it is about. */
export const actName = {
  run: (project: string, what: string): string => `run:${project}:${what}`,
  cancel: (project: string, run: string): string => `cancel:${project}:${run}`,
  keep: (project: string, run: string): string => `keep:${project}:${run}`,
  accept: (project: string, run: string): string => `accept:${project}:${run}`,
  setUp: (project: string): string => `set-up:${project}`,
  commit: (project: string): string => `commit:${project}`,
  deliver: (project: string, environment: string): string => `deliver:${project}:${environment}`,
  rollBack: (project: string, environment: string): string => `roll-back:${project}:${environment}`,
  follow: (project: string, key: string): string => `follow:${project}:${key}`
};
