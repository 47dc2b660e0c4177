/** Where a remark is made: a case, or one of its cells; without a case, the version. */
export interface IPlaceOfRemark {
  readonly case: string;
  readonly cell: number | null;
}

/** Names of acts: the verb, then what it is about. */
export const actName = {
  run: (project: string, what: string): string => `run:${project}:${what}`,
  cancel: (project: string, run: string): string => `cancel:${project}:${run}`,
  keep: (project: string, run: string): string => `keep:${project}:${run}`,
  allow: (project: string, run: string, fingerprint: string): string =>
    `allow:${project}:${run}:${fingerprint}`,
  erase: (project: string, run: string): string => `erase:${project}:${run}`,
  watch: (project: string): string => `watch:${project}`,
  hold: (project: string, environment: string): string => `hold:${project}:${environment}`,
  lift: (project: string, environment: string): string => `lift:${project}:${environment}`,
  check: (project: string, environment: string): string => `check:${project}:${environment}`,
  prune: (project: string): string => `prune:${project}`,
  accept: (project: string, run: string): string => `accept:${project}:${run}`,
  setUp: (project: string): string => `set-up:${project}`,
  commit: (project: string): string => `commit:${project}`,
  deliver: (project: string, environment: string): string => `deliver:${project}:${environment}`,
  scoreLive: (project: string, environment: string): string =>
    `score-live:${project}:${environment}`,
  rollBack: (project: string, environment: string): string => `roll-back:${project}:${environment}`,
  askReview: (project: string, environment: string): string =>
    `ask-review:${project}:${environment}`,
  tellReview: (project: string, version: string, place: string): string =>
    `tell-review:${project}:${version}:${place}`,
  share: (project: string, remote: string): string => `share:${project}:${remote}`,
  comment: (project: string, version: string, { case: about, cell }: IPlaceOfRemark): string =>
    `comment:${project}:${version}:${about}:${cell ?? ''}`,
  review: (project: string, version: string, what: string): string =>
    `review:${project}:${version}:${what}`,
  follow: (project: string, key: string): string => `follow:${project}:${key}`
};

/** The project that an act is of. */
export function projectOf(act: string): string {
  return act.split(':')[1] ?? '';
}
