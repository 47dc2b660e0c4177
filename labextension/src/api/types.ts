/* eslint-disable */
/* Made from schema.json by `npm run types:generate`; the names are the ones of the server. */

/**
 * What a case or a run came to. A verdict is a value, never an exception.
 */
export type Verdict =
  | 'cancelled'
  | 'error'
  | 'failed'
  | 'flaky'
  | 'incomplete'
  | 'killed'
  | 'not-run'
  | 'passed'
  | 'skipped'
  | 'timeout';
/**
 * Where a run or a case stands.
 */
export type State = 'ended' | 'running' | 'waiting';
/**
 * What a notebook recorded beside numbers.
 */
export type ExhibitKind = 'figure' | 'table';
/**
 * What happened to a file since the commit.
 */
export type Change = 'added' | 'deleted' | 'modified';
/**
 * What a button beside a reason does.
 */
export type WayOut = '' | 'commit' | 'open' | 'run' | 'see-delivery' | 'see-run' | 'set-up';
/**
 * What a rule says.
 */
export type Outcome = 'met' | 'not-comparable' | 'not-met';
/**
 * Where a delivery stands.
 */
export type DeliveryState =
  'cancelled' | 'delivered' | 'dispatched' | 'failed' | 'refused' | 'requested' | 'unknown';
/**
 * How a run relates to the files as they are now.
 */
export type Match = 'matches' | 'older' | 'uncommitted';
/**
 * How one step of the strip stands.
 */
export type StepState = 'blocked' | 'current' | 'done' | 'waiting';

/**
 * What the server of jupyter_mlcd sends.
 */
export interface Wire {
  [k: string]: unknown;
}
/**
 * What ``accept`` did.
 */
export interface Accepted {
  run: string;
  cells: AcceptedCell[];
  files: string[];
  commit: string;
  subject: string;
  said: string;
}
/**
 * One cell whose result is expected from now on.
 */
export interface AcceptedCell {
  case: string;
  cell: number;
}
/**
 * An earlier execution of a case, before it was tried again in a fresh kernel.
 */
export interface Attempt {
  verdict: Verdict;
  reason: string;
  started: string;
  duration: number;
  notebook: string;
  cells: CellResult[];
  peak_memory: number;
}
/**
 * One code cell.
 */
export interface CellResult {
  index: number;
  id: string;
  verdict: Verdict;
  reason: string;
  compared: boolean;
  duration: number;
  differences: Difference[];
}
/**
 * Expected against got, for one field of one cell's output.
 */
export interface Difference {
  field: string;
  expected: string;
  got: string;
  expected_span: [number, number] | null;
  got_span: [number, number] | null;
  by: string;
  picture: string;
}
/**
 * One notebook with one set of parameters, as far as it has come.
 */
export interface CaseResult {
  id: string;
  notebook: string;
  parameters: {
    [k: string]: unknown;
  };
  varied: string[];
  after: string[];
  state: State;
  verdict: Verdict | null;
  reason: string;
  duration: number;
  started: string;
  position: number;
  total: number;
  cells: CellResult[];
  metrics: {
    [k: string]: number;
  };
  intervals: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: [number, number];
  };
  exhibits: Exhibit[];
  products: {
    [k: string]: FileDigest;
  };
  candidate: boolean;
  attempts: Attempt[];
  peak_memory: number;
  remarks: string[];
  reference: string;
}
/**
 * A table or a figure that a notebook recorded, found in its executed notebook.
 */
export interface Exhibit {
  name: string;
  kind: ExhibitKind;
  cell: number;
  output: number;
}
/**
 * A file by its content.
 */
export interface FileDigest {
  sha256: string;
  size: number;
}
/**
 * What a commit could take, with a proposed message.
 */
export interface Changes {
  files: FileChange[];
  message: string;
}
/**
 * One file that a commit could take.
 */
export interface FileChange {
  path: string;
  change: Change;
  tracked: boolean;
}
/**
 * One numbered step of a verification or one point of ``doctor``.
 */
export interface Check {
  number: number;
  name: string;
  ok: boolean;
  words: string;
  hint: string;
}
/**
 * A commit that was made.
 */
export interface Committed {
  commit: string;
  subject: string;
  files: string[];
  said: string;
}
/**
 * Which lines of the project's own code the notebooks executed.
 */
export interface Coverage {
  files: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: [number, number];
  };
  percent: number;
}
/**
 * The one Deliver button, or the reasons why not.
 */
export interface DeliverOffer {
  environment: string;
  version: string;
  label: string;
  ready: boolean;
  reasons: Reason[];
  findings: Finding[];
  note: string;
}
/**
 * Why something cannot be done now, and the way out.
 */
export interface Reason {
  code: string;
  text: string;
  way_out: WayOut;
  subject: string;
  busy: boolean;
}
/**
 * What one rule says about one run.
 */
export interface Finding {
  rule: string;
  outcome: Outcome;
  reason: string;
  metric: string;
  value: number | null;
  against: number | null;
}
/**
 * One attempt to bring one release to one environment.
 */
export interface Delivery {
  key: string;
  version: string;
  digest: string;
  environment: string;
  attempt: number;
  state: DeliveryState;
  by: string;
  requested: string;
  moments: Moment[];
  steps: string[];
  ticket: {
    [k: string]: string;
  };
  reason: string;
}
/**
 * One point of a delivery's timeline.
 */
export interface Moment {
  state: DeliveryState;
  at: string;
  by: string;
  reason: string;
}
/**
 * What ``doctor`` found.
 */
export interface Diagnosis {
  ok: boolean;
  checks: Check[];
}
/**
 * One rung of "Where it is live".
 */
export interface EnvironmentStatus {
  name: string;
  after: string;
  target: string;
  live: Live | null;
  scores: {
    [k: string]: number;
  };
  delivery: Delivery | null;
}
/**
 * What an environment runs.
 */
export interface Live {
  version: string;
  digest: string;
  since: string;
  by: string;
}
/**
 * One line of the evidence list.
 */
export interface Evidence {
  id: string;
  project: string;
  suite: string;
  tree: string;
  commit: string;
  dirty: boolean;
  verdict: Verdict;
  reason: string;
  by: string;
  at: string;
  digest: string;
  path: string;
  partial: boolean;
}
/**
 * One line of the evidence list.
 */
export interface EvidenceStatus {
  id: string;
  suite: string;
  verdict: Verdict;
  reason: string;
  by: string;
  at: string;
  digest: string;
  match: Match;
  changed: string[];
  versions: string[];
  partial: boolean;
}
/**
 * ``manifest.json`` of an evidence bundle.
 */
export interface Manifest {
  run: Run;
  prefix: string;
  notebooks: {
    [k: string]: string;
  };
  sources: {
    [k: string]: string;
  };
  inputs: {
    [k: string]: string;
  };
  scores: {
    [k: string]: Score;
  };
  delivers: {
    [k: string]: FileDigest;
  };
  undelivered: string;
  config: string;
  software: Software | null;
  attempt: number;
  builder: string;
  made_by: string;
  other_software: Software[];
  v: number;
}
/**
 * The Run document that ``run --json`` prints and the REST API returns.
 */
export interface Run {
  id: string;
  project: string;
  suite: string;
  tree: string;
  commit: string;
  dirty: {
    [k: string]: Change;
  };
  by: string;
  started: string;
  cases: CaseResult[];
  state: State;
  verdict: Verdict | null;
  reason: string;
  ended: string;
  estimate: number | null;
  kept: boolean;
  partial: boolean;
  coverage: Coverage | null;
  nbval: NbvalCount | null;
  digest: string;
  jobs: number;
  v: number;
}
/**
 * What the real ``pytest --nbval`` said about the same notebooks.
 */
export interface NbvalCount {
  passed: number;
  failed: number;
  skipped: number;
  report: string;
  disagreements: string[];
}
/**
 * A metric of a release, with what it was measured by.
 */
export interface Score {
  notebook: string;
  values: {
    [k: string]: number;
  };
  basis: string;
}
/**
 * What the kernels ran on.
 */
export interface Software {
  kernel: string;
  language: string;
  version: string;
  platform: string;
  packages: {
    [k: string]: string;
  };
}
/**
 * Where am I.
 */
export interface Place {
  branch: string;
  commit: string;
  subject: string;
  dirty: {
    [k: string]: Change;
  };
  untracked: string[];
  tree: string;
}
/**
 * The Deliver page: what was checked and exactly what will happen.
 */
export interface Preview {
  project: string;
  environment: string;
  version: string;
  digest: string;
  nonce: string;
  replaces: Live | null;
  lines: PreviewLine[];
  findings: Finding[];
  reasons: Reason[];
  steps: string[];
  commands: string[];
  type_version: boolean;
  accepted: ReferenceChange[];
}
/**
 * One of Why, Code, Tests, Review on the Deliver page.
 */
export interface PreviewLine {
  name: string;
  met: boolean;
  words: string;
  way_out: WayOut;
  subject: string;
}
/**
 * One expected result that differs between two commits.
 */
export interface ReferenceChange {
  notebook: string;
  parameters: {
    [k: string]: unknown;
  };
  cell: number;
  change: Change;
  by: string;
  at: string;
  why: string;
  run: string;
}
/**
 * An error as every door shows it.
 */
export interface Problem {
  code: string;
  message: string;
  hint?: string;
  details?: {
    [k: string]: unknown;
  };
}
/**
 * A project that the server can reach.
 */
export interface ProjectReference {
  id: string;
  name: string;
  path: string;
}
/**
 * The whole side panel in one document.
 */
export interface Status {
  project: ProjectReference;
  place: Place;
  steps: Step[];
  deliver: DeliverOffer | null;
  environments: EnvironmentStatus[];
  suites: SuiteStatus[];
  runs: Run[];
  evidence: EvidenceStatus[];
  evidence_count: number;
  problem: Problem | null;
  seq: number;
}
/**
 * One of Why, Code, Tests, Review, Live.
 */
export interface Step {
  name: string;
  state: StepState;
  words: string;
}
/**
 * One suite, with its run that goes on or its newest one.
 */
export interface SuiteStatus {
  name: string;
  notebooks: string[];
  cases: number;
  run: Run | null;
  match: Match | null;
  changed: string[];
}
/**
 * What ``evidence verify`` found.
 */
export interface Verification {
  subject: string;
  ok: boolean;
  checks: Check[];
}
