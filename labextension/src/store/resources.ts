/** Everything that can be asked for: its key, how to ask, and which hints make it worth asking again. */
import type { Client } from '../api/client';
import type { IHint, Topic } from '../api/events';
import type {
  CaseChanges,
  Changes,
  Deliveries,
  Delivery,
  ErasurePlan,
  EvidenceChanges,
  EvidenceStatus,
  Figures,
  ParameterForm,
  Preview,
  ProjectReference,
  Pruned,
  ReleaseChanges,
  ReviewPage,
  ReviewPreview,
  Run,
  RunLog,
  ScoreHistory,
  SecretsFound,
  SetUpChoices,
  SetUpPreview,
  SetUpProposal,
  ShownEvidence,
  Status,
  Verification,
  Watch
} from '../api/types';

/** A value on the server. Two resources with equal keys are the same one. */
export interface IResource<T> {
  readonly key: string;
  readonly fetch: (client: Client) => Promise<T>;
  /** Whether a hint speaks of it. */
  readonly heeds: (hint: IHint) => boolean;
}

function of(project: string, topics: readonly Topic[]): (hint: IHint) => boolean {
  return hint => hint.project === project && topics.includes(hint.topic);
}

const never = (): boolean => false;

export function projects(path: string): IResource<ProjectReference[]> {
  return { key: `projects:${path}`, fetch: client => client.projects(path), heeds: never };
}

export function status(project: string): IResource<Status> {
  return {
    key: `status:${project}`,
    fetch: client => client.status(project),
    heeds: of(project, ['run', 'ledger', 'files'])
  };
}

export function run(project: string, id: string): IResource<Run> {
  return {
    key: `run:${project}:${id}`,
    fetch: client => client.showRun(project, id),
    heeds: hint =>
      heedsRun(hint, project, id) || (hint.project === project && hint.topic === 'ledger')
  };
}

/** What it prints is a change of its log alone. */
function heedsRun(hint: IHint, project: string, id: string): boolean {
  return hint.project === project && hint.topic === 'run' && hint.id === id;
}

/** What in a draft looks like a secret, and what of it somebody allows. */
export function secrets(project: string, id: string): IResource<SecretsFound> {
  return {
    key: `secrets:${project}:${id}`,
    fetch: client => client.showSecrets(project, id),
    heeds: of(project, ['ledger'])
  };
}

/** The end of what a run printed. */
export function log(project: string, id: string): IResource<RunLog> {
  return {
    key: `log:${project}:${id}`,
    fetch: client => client.showLog(project, id),
    heeds: hint => hint.project === project && hint.topic === 'log' && hint.id === id
  };
}

export function notebook(project: string, id: string, index: number): IResource<string> {
  return {
    key: `notebook:${project}:${id}:${index}`,
    fetch: client => client.showNotebook(project, id, index),
    heeds: never
  };
}

/** A run as one page, for people without Jupyter. */
export function report(project: string, id: string): IResource<string> {
  return {
    key: `report:${project}:${id}`,
    fetch: client => client.showReport(project, id),
    heeds: hint => heedsRun(hint, project, id)
  };
}

export function changes(project: string): IResource<Changes> {
  return {
    key: `changes:${project}`,
    fetch: client => client.changes(project),
    heeds: of(project, ['files'])
  };
}

export function setUp(project: string): IResource<SetUpProposal> {
  return {
    key: `set-up:${project}`,
    fetch: client => client.proposeSetUp(project),
    heeds: never // A person chooses there: it is looked at again when she says so.
  };
}

export function setUpPreview(project: string, choices: SetUpChoices): IResource<SetUpPreview> {
  return {
    key: `set-up-preview:${project}:${JSON.stringify(choices)}`,
    fetch: client => client.previewSetUp(project, choices),
    heeds: never
  };
}

/** What a saved notebook can be given. */
export function parameters(project: string, notebook: string): IResource<ParameterForm> {
  return {
    key: `parameters:${project}:${notebook}`,
    fetch: client => client.describeParameters(project, notebook),
    heeds: never
  };
}

export function evidence(project: string): IResource<EvidenceStatus[]> {
  return {
    key: `evidence:${project}`,
    fetch: client => client.evidence(project),
    heeds: of(project, ['ledger', 'files'])
  };
}

/** What was kept stays as it is; what it made can be erased. */
export function manifest(project: string, id: string): IResource<ShownEvidence> {
  return {
    key: `manifest:${project}:${id}`,
    fetch: client => client.showEvidence(project, id),
    heeds: of(project, ['ledger'])
  };
}

/** What erasing a run would do; what needs its files changes with the ledger. */
export function erasure(project: string, id: string): IResource<ErasurePlan> {
  return {
    key: `erasure:${project}:${id}`,
    fetch: client => client.previewErasure(project, id),
    heeds: of(project, ['ledger'])
  };
}

/** What nothing needs on this machine. */
/** Who watches a project, and what watching it would do. */
export function watch(project: string): IResource<Watch> {
  return {
    key: `watch:${project}`,
    fetch: client => client.showWatch(project),
    heeds: of(project, ['ledger'])
  };
}

export function pruning(project: string): IResource<Pruned> {
  return {
    key: `pruning:${project}`,
    fetch: client => client.previewPruning(project),
    heeds: of(project, ['run', 'ledger'])
  };
}

export function verification(project: string, id: string): IResource<Verification> {
  return {
    key: `verification:${project}:${id}`,
    fetch: client => client.verify(project, id),
    heeds: never
  };
}

/** What changed in a run; what is live, and with it the answer, changes with the ledger. */
export function comparison(
  project: string,
  id: string,
  against: string
): IResource<EvidenceChanges> {
  return {
    key: `comparison:${project}:${id}:${against}`,
    fetch: client => client.compare(project, id, against),
    heeds: against ? never : of(project, ['ledger'])
  };
}

export function caseComparison(
  project: string,
  id: string,
  index: number,
  against: string
): IResource<CaseChanges> {
  return {
    key: `case-comparison:${project}:${id}:${index}:${against}`,
    fetch: client => client.compareCase(project, id, index, against),
    heeds: against ? never : of(project, ['ledger'])
  };
}

export function scoreHistory(project: string, id: string): IResource<ScoreHistory> {
  return {
    key: `scores:${project}:${id}`,
    fetch: client => client.showScores(project, id),
    heeds: of(project, ['ledger'])
  };
}

export function preview(project: string, environment: string): IResource<Preview> {
  return {
    key: `preview:${project}:${environment}`,
    fetch: client => client.preview(project, environment),
    heeds: of(project, ['run', 'ledger', 'files'])
  };
}

export function previewRollBack(
  project: string,
  environment: string,
  version: string
): IResource<Preview> {
  return {
    key: `preview-roll-back:${project}:${environment}:${version}`,
    fetch: client => client.previewRollBack(project, environment, version),
    heeds: of(project, ['ledger'])
  };
}

/** The same as one page, for people without Jupyter. */
export function reviewReport(project: string, version: string): IResource<string> {
  return {
    key: `review-report:${project}:${version}`,
    fetch: client => client.showReviewReport(project, version),
    heeds: of(project, ['ledger'])
  };
}

/** A version with what people said; the rules it is held against are files of the project. */
export function review(project: string, version: string): IResource<ReviewPage> {
  return {
    key: `review:${project}:${version}`,
    fetch: client => client.showReview(project, version),
    heeds: of(project, ['ledger', 'files'])
  };
}

export function reviewPreview(project: string, environment: string): IResource<ReviewPreview> {
  return {
    key: `preview-review:${project}:${environment}`,
    fetch: client => client.previewReview(project, environment),
    heeds: of(project, ['run', 'ledger', 'files'])
  };
}

export function deliveries(
  project: string,
  environment: string,
  page: number
): IResource<Deliveries> {
  return {
    key: `deliveries:${project}:${environment}:${page}`,
    fetch: client => client.deliveries(project, environment, page),
    heeds: of(project, ['ledger'])
  };
}

export function figures(project: string, environment: string): IResource<Figures> {
  return {
    key: `figures:${project}:${environment}`,
    fetch: client => client.figures(project, environment),
    heeds: of(project, ['ledger'])
  };
}

/** What a version changes; without one, what would go to the environment now. */
export function releaseChanges(
  project: string,
  version: string,
  environment: string
): IResource<ReleaseChanges> {
  return {
    key: `release-changes:${project}:${version}:${environment}`,
    fetch: client => client.describeRelease(project, version, environment),
    heeds: of(project, version ? ['ledger'] : ['run', 'ledger', 'files'])
  };
}

export function delivery(project: string, key: string): IResource<Delivery> {
  return {
    key: `delivery:${project}:${key}`,
    fetch: client => client.showDelivery(project, key),
    heeds: of(project, ['ledger'])
  };
}
