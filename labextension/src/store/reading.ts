/** What a reader of evidence looks at, and what has to be known for that. */
import type {
  CaseChanges,
  EvidenceChanges,
  ReleaseChanges,
  ReviewPage,
  ScoreHistory,
  ShownEvidence
} from '../api/types';
import { IDLE, type Remote, known } from './remote';
import type { IResource } from './resources';
import * as resources from './resources';
import type { Store } from './store';

export interface IReading {
  /** Run that is compared with; empty: what is live. */
  readonly against: string;
  /** Place of the chosen case in the comparison; null before one was chosen. */
  readonly chosen: number | null;
}

/** The same with what is known of it, for the view. */
export interface IEvidenceReading {
  readonly against: string;
  /** Place of the case that is shown, among those of the comparison. */
  readonly shown: number | null;
  readonly comparison: Remote<EvidenceChanges>;
  readonly changes: Remote<CaseChanges>;
  readonly history: Remote<ScoreHistory>;
  /** What the newest version that stands on it changes; null where there is none. */
  readonly release: Remote<ReleaseChanges> | null;
  readonly look: (part: Partial<IReading>) => void;
}

const UNTOUCHED: IReading = { against: '', chosen: null };

export function readingOf(store: Store, project: string, run: string): IReading {
  return store.state.reading.get(`${project}:${run}`) ?? UNTOUCHED;
}

/** Look at something else; another run to compare with has other cases. */
export function look(store: Store, project: string, run: string, part: Partial<IReading>): void {
  const before = readingOf(store, project, run);
  const next = part.against === undefined ? before : UNTOUCHED;
  const reading = new Map(store.state.reading);
  store.update({ reading: reading.set(`${project}:${run}`, { ...next, ...part }) });
}

/** The case that is shown: the chosen one, else the first that is not as before, else the first. */
export function shownCase(changes: EvidenceChanges | null, reading: IReading): number | null {
  if (!changes || changes.cases.length === 0) {
    return null;
  }
  if (reading.chosen !== null && reading.chosen < changes.cases.length) {
    return reading.chosen;
  }
  return Math.max(
    0,
    changes.cases.findIndex(one => one.relation !== 'same')
  );
}

/** All that the page of evidence shows, as far as the state tells now. */
export function evidenceNeeds(store: Store, project: string, run: string): IResource<unknown>[] {
  const reading = readingOf(store, project, run);
  const comparison = resources.comparison(project, run, reading.against);
  const shown = shownCase(known(store.read(comparison)), reading);
  const review = reviewOfRun(store, project, run);
  const release = releaseOfRun(store, project, run);
  return [
    ...(review ? [review] : []),
    ...(release ? [release] : []),
    resources.manifest(project, run),
    resources.evidence(project),
    resources.status(project),
    comparison,
    ...(shown === null ? [] : [resources.caseComparison(project, run, shown, reading.against)]),
    resources.scoreHistory(project, run)
  ];
}

/** The review of the newest version that stands on a run, as far as it is known; none, none. */
export function reviewOfRun(
  store: Store,
  project: string,
  run: string
): IResource<ReviewPage> | null {
  const version = versionOfRun(store, project, run);
  return version === undefined ? null : resources.review(project, version);
}

/** What that version changes: what the page of its review asks for too, so it is asked once. */
function releaseOfRun(
  store: Store,
  project: string,
  run: string
): IResource<ReleaseChanges> | null {
  const version = versionOfRun(store, project, run);
  return version === undefined ? null : resources.releaseChanges(project, version, '');
}

function versionOfRun(store: Store, project: string, run: string): string | undefined {
  const lines = known(store.read(resources.evidence(project))) ?? [];
  return lines.find(one => one.id === run)?.versions.at(-1);
}

/** The same for the page of a review: the evidence of `run`, or of the first that it stands on. */
export function reviewNeeds(
  store: Store,
  project: string,
  version: string,
  chosen: string
): IResource<unknown>[] {
  const review = resources.review(project, version);
  const run = runOfReview(known(store.read(review)), chosen);
  return [
    review,
    resources.releaseChanges(project, version, ''),
    ...(run ? evidenceNeeds(store, project, run) : []),
    resources.evidence(project),
    resources.status(project)
  ];
}

/** What is known of a review and of the evidence that is read in it. */
export function reviewReading(
  store: Store,
  project: string,
  version: string,
  chosen: string
): {
  readonly review: Remote<ReviewPage>;
  readonly release: Remote<ReleaseChanges>;
  readonly run: string;
  readonly manifest: Remote<ShownEvidence>;
  readonly reading: IEvidenceReading;
} {
  const review = store.read(resources.review(project, version));
  const run = runOfReview(known(review), chosen);
  return {
    review,
    release: store.read(resources.releaseChanges(project, version, '')),
    run,
    manifest: store.read(resources.manifest(project, run)),
    reading: evidenceReading(store, project, run)
  };
}

function runOfReview(page: ReviewPage | null, chosen: string): string {
  const runs = page?.runs.map(one => one.id) ?? [];
  return runs.includes(chosen) ? chosen : (runs[0] ?? '');
}

export function evidenceReading(store: Store, project: string, run: string): IEvidenceReading {
  const reading = readingOf(store, project, run);
  const { against } = reading;
  const comparison = store.read(resources.comparison(project, run, against));
  const shown = shownCase(known(comparison), reading);
  const release = releaseOfRun(store, project, run);
  return {
    against,
    shown,
    comparison,
    changes:
      shown === null ? IDLE : store.read(resources.caseComparison(project, run, shown, against)),
    history: store.read(resources.scoreHistory(project, run)),
    release: release && store.read(release),
    look: part => look(store, project, run, part)
  };
}
