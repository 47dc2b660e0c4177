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
 * What somebody did.
 */
export type AuditKind =
  | 'approval'
  | 'check'
  | 'delivery'
  | 'erasure'
  | 'exception'
  | 'hold'
  | 'lift'
  | 'rejection'
  | 'roll-back'
  | 'scored-again'
  | 'taken-back';
/**
 * What a rule says.
 */
export type Outcome = 'excepted' | 'met' | 'not-comparable' | 'not-met';
/**
 * A kind of hub.
 */
export type HubKind = 'azure-devops' | 'github' | 'gitlab';
/**
 * How something of the run relates to what it is compared with.
 */
export type Relation = 'changed' | 'gone' | 'new' | 'same';
/**
 * How an output is shown.
 */
export type OutputKind = 'picture' | 'table' | 'text';
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
 * What a red check led to.
 */
export type CheckEnd = '' | 'held' | 'rolled-back';
/**
 * How the check of what is live stands.
 */
export type CheckState = 'going' | 'green' | 'red';
/**
 * How the CI run of a commit stands.
 */
export type CiState =
  'cancelled' | 'expected' | 'failed' | 'none' | 'passed' | 'running' | 'starting' | 'unknown';
/**
 * What a button beside a reason does.
 */
export type WayOut =
  | ''
  | 'ask-review'
  | 'commit'
  | 'deliver'
  | 'lift'
  | 'open'
  | 'run'
  | 'score-live'
  | 'see-ci'
  | 'see-delivery'
  | 'see-history'
  | 'see-review'
  | 'see-run'
  | 'set-up'
  | 'start-ci';
/**
 * Where a delivery stands.
 */
export type DeliveryState =
  | 'cancelled'
  | 'delivered'
  | 'dispatched'
  | 'failed'
  | 'refused'
  | 'requested'
  | 'sending'
  | 'unknown';
/**
 * What a person can do about a delivery.
 */
export type DeliveryAct =
  'cancel' | 'close' | 'go-on' | 'look-again' | 'retry' | 'roll-back' | 'stop';
/**
 * What somebody did.
 */
export type EntryKind = 'approved' | 'asked' | 'changes-requested' | 'commented' | 'waived';
/**
 * How a run relates to the files as they are now.
 */
export type Match = 'matches' | 'older' | 'uncommitted';
/**
 * What stands behind a git remote, by its address.
 */
export type System = 'Azure DevOps' | 'GitHub' | 'GitLab' | 'folder' | 'git server';
/**
 * Which way is better.
 */
export type Goal = 'max' | 'min';
/**
 * How it stands with scoring a live model again.
 */
export type ScoringState = 'done' | 'failed' | 'going' | 'impossible' | 'possible';
/**
 * How one step of the strip stands.
 */
export type StepState = 'blocked' | 'current' | 'done' | 'waiting';
/**
 * What waits for a person.
 */
export type WaitingKind = 'failed' | 'held' | 'interrupted' | 'next-rung' | 'review' | 'unknown';

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
  commands: string[];
}
/**
 * One cell whose result is expected from now on.
 */
export interface AcceptedCell {
  case: string;
  cell: number;
}
/**
 * The run that another one is compared with.
 */
export interface Against {
  run: string;
  version: string;
  environment: string;
  live: boolean;
  at: string;
  by: string;
}
/**
 * What may be kept although it looks like a secret.
 */
export interface Allowance {
  rule: string;
  reason: string;
  until: string;
  by: string;
  fingerprint: string;
  place: string;
}
/**
 * A finding that was kept because somebody allowed it.
 */
export interface AllowedFinding {
  finding: SecretFinding;
  reason: string;
  by: string;
  until: string;
}
/**
 * One place where a secret seems to stand.
 */
export interface SecretFinding {
  file: string;
  cell: number | null;
  output: number | null;
  rule: string;
  sample: string;
  fingerprint: string;
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
 * Everything of a time, oldest first.
 */
export interface Audit {
  project: string;
  since: string;
  until: string;
  made: string;
  by: string;
  tip: string;
  totals: {
    [k: string]: number;
  };
  events: number;
  lines: AuditLine[];
  remarks: string[];
  problems: string[];
}
/**
 * One thing that somebody did.
 */
export interface AuditLine {
  id: string;
  kind: AuditKind;
  at: string;
  by: string;
  version: string;
  digest: string;
  environment: string;
  outcome: string;
  ended: string;
  reason: string;
  why: string;
  issues: string[];
  back_from: string;
  rule: string;
  until: string;
  basis: Basis | null;
}
/**
 * What a version stood on when somebody asked for its delivery.
 */
export interface Basis {
  commit: string;
  tree: string;
  runs: Proof[];
  scores: {
    [k: string]: number;
  };
  findings: Finding[];
  approvals: Word[];
  exceptions: Word[];
  gap: string;
}
/**
 * A run that a version stood on.
 */
export interface Proof {
  suite: string;
  run: string;
  digest: string;
  verdict: Verdict | null;
  by: string;
  at: string;
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
 * An approval of a version, or an exception from a rule, as it was given.
 */
export interface Word {
  id: string;
  by: string;
  at: string;
  signed: boolean;
  text: string;
  rule: string;
  until: string;
  hub: HubKind | null;
}
/**
 * One case, cell by cell.
 */
export interface CaseChanges {
  case: CaseComparison;
  against: Against | null;
  cells: CellComparison[];
  left_out: number;
}
/**
 * One case, against the same case before.
 */
export interface CaseComparison {
  id: string;
  notebook: string;
  parameters: {
    [k: string]: unknown;
  };
  varied: string[];
  relation: Relation;
  verdict: Verdict | null;
  after: number | null;
  before: number | null;
  sources: number;
  outputs: number;
  scores: ScoreChange[];
  problem: string;
}
/**
 * A score of one case that is other than before.
 */
export interface ScoreChange {
  name: string;
  before: number | null;
  after: number | null;
}
/**
 * One cell on both sides.
 */
export interface CellComparison {
  relation: Relation;
  kind: string;
  before: number | null;
  after: number | null;
  place: number | null;
  id: string;
  source_changed: boolean;
  outputs_changed: boolean;
  lines: Line[];
  outputs: OutputComparison[];
  verdict: Verdict | null;
  reason: string;
}
/**
 * One line of a text on both sides; None where a side has no such line.
 */
export interface Line {
  before: string | null;
  after: string | null;
}
/**
 * One output on both sides.
 */
export interface OutputComparison {
  relation: Relation;
  name: string;
  kind: OutputKind;
  before: OutputSide | null;
  after: OutputSide | null;
  lines: Line[];
  rows: TableRow[];
}
/**
 * Where one side of an output stands, and how large it is.
 */
export interface OutputSide {
  cell: number;
  output: number;
  media: string;
  size: number;
  sha256: string;
  whole: boolean;
}
/**
 * One row of a table on both sides; None where a side has no such row.
 */
export interface TableRow {
  before: string[] | null;
  after: string[] | null;
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
  proves: boolean;
}
/**
 * What starting the CI run of a commit would do, before anybody agrees.
 */
export interface CiPreview {
  commit: string;
  branch: string;
  system: string;
  steps: string[];
  commands: string[];
  commits: string[];
  remarks: string[];
  run: CiRun;
  digest: string;
  nonce: string;
}
/**
 * The CI run of one commit on one branch, as it was seen last.
 */
export interface CiRun {
  commit: string;
  branch: string;
  system: string;
  state: CiState;
  reason: string;
  url: string;
  pushed: string;
  sent: string;
  since: string;
  evidence: boolean;
}
/**
 * The plain commands that would have done the same as something that was done.
 */
export interface Commands {
  commands: string[];
}
/**
 * A commit that was made.
 */
export interface Committed {
  commit: string;
  subject: string;
  files: string[];
  said: string;
  commands: string[];
}
/**
 * A file that notebooks read or that is delivered, with other content than before.
 */
export interface ContentChange {
  path: string;
  delivered: boolean;
  before: string;
  after: string;
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
  url: string;
}
/**
 * A page of the deliveries to one environment, newest first.
 */
export interface Deliveries {
  environment: string;
  deliveries: PastDelivery[];
  total: number;
  page: number;
  pages: number;
}
/**
 * One line of an environment's history.
 */
export interface PastDelivery {
  delivery: Delivery;
  is_live: boolean;
  taken_back: TakenBack | null;
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
  why: string;
  issues: string[];
  back_from: string;
  by_itself: string;
  told: Told[];
  at_work: boolean;
  acts: DeliveryAct[];
  nonce: string;
  rules: string;
  refused: Problem | null;
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
 * A place where somebody was told of a review or a delivery, or was to be.
 */
export interface Told {
  where: string;
  url: string;
  problem: string;
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
 * How a version was rolled back.
 */
export interface TakenBack {
  to: string;
  at: string;
  by: string;
  why: string;
}
/**
 * What ``doctor`` found.
 */
export interface Diagnosis {
  ok: boolean;
  checks: Check[];
}
/**
 * A run as it lies on this machine.
 */
export interface Draft {
  run: string;
  size: number;
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
  watched_by: string;
  deliveries: number;
  back_to: string;
  automatic: boolean;
  held: Hold | null;
  frozen: Frozen | null;
  verify: string;
  check: LiveCheck | null;
}
/**
 * What an environment runs.
 */
export interface Live {
  version: string;
  digest: string;
  since: string;
  by: string;
  back_from: string;
  why: string;
  rules: string;
  key: string;
}
/**
 * Why nothing is delivered to an environment, until somebody lifts it.
 */
export interface Hold {
  why: string;
  by: string;
  at: string;
  key: string;
}
/**
 * Nothing is delivered to an environment now.
 */
export interface Frozen {
  why: string;
  until: string;
}
/**
 * A check of what is live: the suite ``verify`` of its environment, run after a delivery.
 */
export interface LiveCheck {
  environment: string;
  version: string;
  key: string;
  suite: string;
  run: string;
  begun: string;
  by: string;
  state: CheckState;
  reason: string;
  ended: string;
  led_to: CheckEnd;
  attempt: number;
}
/**
 * A file of the Store.
 */
export interface ErasedFile {
  name: string;
  sha256: string;
  size: number;
}
/**
 * What an erasure would remove, and what it would not.
 */
export interface ErasurePlan {
  run: string;
  suite: string;
  files: ErasedFile[];
  here: string[];
  draft: boolean;
  needed: Needed[];
  shared: string[];
  in_git: number;
  signed: boolean | null;
  nonce: string;
}
/**
 * A version that has one of the files, and where it is live or on its way.
 */
export interface Needed {
  project: string;
  version: string;
  environments: string[];
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
  builder: string;
}
/**
 * What changed in a run against another one; by default the one that is live.
 */
export interface EvidenceChanges {
  run: string;
  against: Against | null;
  cases: CaseComparison[];
  software: SoftwareChange[];
  figures: FigureComparison[];
}
/**
 * A package, or the language itself, that is another version than before.
 */
export interface SoftwareChange {
  kernel: string;
  name: string;
  before: string;
  after: string;
}
/**
 * A figure that a notebook recorded, against the one of the same name before.
 */
export interface FigureComparison {
  name: string;
  case: string;
  after: PicturePlace;
  before: PicturePlace | null;
}
/**
 * Where a picture stands: ``runs/{run}/files/outputs/{case}/{cell}/{output}/picture``.
 */
export interface PicturePlace {
  run: string;
  case: number;
  cell: number;
  output: number;
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
  builder: string;
  scored: string;
}
/**
 * The figures of one environment from one moment to another.
 */
export interface Figures {
  project: string;
  environment: string;
  since: string;
  until: string;
  deliveries: number;
  roll_backs: number;
  never_arrived: number;
  enough: boolean;
  a_week: number;
  bad: number;
  not_restored: number;
  failure_rate: number | null;
  lead: Spread;
  restore: Spread;
  waiting: Spread;
  weeks: FiguresWeek[];
}
/**
 * How long something took, in seconds.
 */
export interface Spread {
  count: number;
  median: number | null;
  high: number | null;
}
/**
 * What arrived in one week; medians in seconds, None where there is no value.
 */
export interface FiguresWeek {
  begins: string;
  deliveries: number;
  bad: number;
  lead: number | null;
  restore: number | null;
  waiting: number | null;
}
/**
 * A notebook, and what its text seems to do. It was looked at, not run.
 */
export interface FoundNotebook {
  path: string;
  kernel: string;
  kernel_here: boolean;
  language: string;
  parameters: string[];
  writes: string[];
  reads: string[];
  records: string[];
  after: string[];
  seconds: number | null;
  tracked: boolean;
  against: string;
}
/**
 * Such a table of a draft as a person looks at it.
 */
export interface FoundPersonal {
  finding: PersonalFinding;
  case: number | null;
  name: string;
  source: number | null;
}
/**
 * One output of an executed notebook in which such rows stand.
 */
export interface PersonalFinding {
  file: string;
  cell: number;
  output: number;
  kinds: string[];
  rows: number;
}
/**
 * A git remote of the repository.
 */
export interface FoundRemote {
  name: string;
  url: string;
  system: System;
}
/**
 * A finding of a draft as a person looks at it.
 */
export interface FoundSecret {
  number: number;
  finding: SecretFinding;
  case: number | null;
  name: string;
  source: number | null;
  allowance: Allowance | null;
}
/**
 * A work item.
 */
export interface Issue {
  name: string;
  url: string;
  subjects: string[];
}
/**
 * The answer to Keep: the evidence, and what a person has to know about it.
 */
export interface Kept {
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
  builder: string;
  redacted: Redaction[];
  allowed: AllowedFinding[];
  personal: PersonalFinding[];
  out_of_git: OutOfGit[];
}
/**
 * A secret that was taken out before anything was written to git.
 */
export interface Redaction {
  file: string;
  cell: number | null;
  output: number | null;
  rule: string;
  count: number;
}
/**
 * A file of the bundle that is kept in the Store and not in git.
 */
export interface OutOfGit {
  file: string;
  sha256: string;
  size: number;
  why: string;
}
/**
 * ``kept.json``.
 */
export interface KeptChanges {
  draft: string;
  redacted: Redaction[];
  allowed: AllowedFinding[];
  v: number;
  out_of_git: OutOfGit[];
}
/**
 * The way out of "not comparable": the live model, scored on today's data.
 */
export interface LiveScoring {
  environment: string;
  live_in: string;
  version: string;
  suite: string;
  metrics: string[];
  state: ScoringState;
  words: string;
  hint: string;
  run: string;
  seconds: number | null;
}
/**
 * What an environment ran at a moment.
 */
export interface LiveThen {
  environment: string;
  version: string;
  digest: string;
  since: string;
  by: string;
  why: string;
  back_from: string;
  delivery: string;
  basis: Basis | null;
  doubt: string;
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
  scored?: ScoredLive;
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
 * Whose model a run scores, in place of what its own notebooks would have made.
 */
export interface ScoredLive {
  environment: string;
  version: string;
  digest: string;
  bases: {
    [k: string]: string;
  };
  placed: {
    [k: string]: {
      [k: string]: FileDigest;
    };
  };
  candidates: string[];
  delivering: string[];
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
 * A score that is other than before, as the rules look at it.
 */
export interface MetricChange {
  name: string;
  before: number | null;
  after: number | null;
  goal: Goal | null;
  better: boolean | null;
  comparable: boolean;
}
/**
 * A commit of the release.
 */
export interface NamedCommit {
  id: string;
  subject: string;
  issues: string[];
}
/**
 * A notebook of a suite with changed cells; of several cases the one that changed most.
 */
export interface NotebookChange {
  suite: string;
  notebook: string;
  relation: Relation;
  sources: number;
  outputs: number;
  problem: string;
}
/**
 * A parameter of a notebook that has other values than before.
 */
export interface ParameterChange {
  suite: string;
  notebook: string;
  name: string;
  before: string[];
  after: string[];
}
/**
 * The parameters of one notebook, as the saved file declares them.
 */
export interface ParameterForm {
  notebook: string;
  schema: {
    [k: string]: unknown;
  };
  given: {
    [k: string]: unknown;
  };
  matrix: {
    [k: string]: unknown[];
  };
  last: {
    [k: string]: unknown;
  };
  last_at: string;
  remarks: string[];
  problem: Problem | null;
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
  upstream: string;
  unshared: number;
  undelivered: Undelivered | null;
}
/**
 * How much is not delivered yet.
 */
export interface Undelivered {
  environment: string;
  version: string;
  since: string;
  commits: number;
  tested: number;
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
  commits: number;
  issues: Issue[];
  attempt: number;
  earlier: Delivery | null;
  roll_back: RollBack | null;
  rules: RulesChanged | null;
  can_rehearse: boolean;
  text: string;
  scoring: LiveScoring | null;
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
 * What a roll back can bring and what it takes away.
 */
export interface RollBack {
  versions: string[];
  taken_back: {
    [k: string]: TakenBack;
  };
}
/**
 * What became of the rules of an environment since a version went live there.
 */
export interface RulesChanged {
  version: string;
  branch: string;
  is_known: boolean;
  changes: string[];
  commits: RulesCommit[];
}
/**
 * A commit that touched the rules, or who may sign.
 */
export interface RulesCommit {
  id: string;
  by: string;
  at: string;
  subject: string;
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
 * What was removed, or what would be.
 */
export interface Pruned {
  drafts: Draft[];
  files: StoredFile[];
  leftovers: number;
  stay_drafts: number;
  stay_files: number;
  stay_bytes: number;
  days: number;
  dry_run: boolean;
  nonce: string;
}
/**
 * A file of the Store.
 */
export interface StoredFile {
  sha256: string;
  size: number;
  idle: number;
}
/**
 * The changelog of behaviour of a release.
 */
export interface ReleaseChanges {
  project: string;
  version: string;
  digest: string;
  commit: string;
  since: string;
  since_commit: string;
  environment: string;
  live: boolean;
  metrics: MetricChange[];
  parameters: ParameterChange[];
  files: ContentChange[];
  notebooks: NotebookChange[];
  software: SoftwareChange[];
  rules: RuleChange[];
  commits: NamedCommit[];
  commits_left_out: number;
  issues: Issue[];
  gaps: string[];
}
/**
 * A rule that is new or gone, or that says something else than before.
 */
export interface RuleChange {
  rule: string;
  before: Outcome | null;
  after: Outcome | null;
  reason: string;
}
/**
 * A run that a release stands on.
 */
export interface ReleasedRun {
  suite: string;
  id: string;
  digest: string;
}
/**
 * One line of a review.
 */
export interface ReviewEntry {
  id: string;
  kind: EntryKind;
  version: string;
  digest: string;
  by: string;
  at: string;
  text: string;
  environment: string;
  people: string[];
  case: string;
  cell: number | null;
  rule: string;
  hub: HubKind | null;
  key: string;
  url: string;
  taken_back: string;
  taken_back_why: string;
  until: string;
}
/**
 * A release with all that people said about it.
 */
export interface ReviewPage {
  project: string;
  version: string;
  digest: string;
  commit: string;
  runs: ReleasedRun[];
  entries: ReviewEntry[];
  new: string[];
  environments: ReviewState[];
  link: string;
  nonce: string;
  by: string;
  yours: string[];
  remotes: {
    [k: string]: string;
  };
}
/**
 * How a release stands with one environment.
 */
export interface ReviewState {
  environment: string;
  needed: number;
  approval: Finding | null;
  findings: Finding[];
  hub: HubKind | null;
  faults: {
    [k: string]: string;
  };
  policy: string;
  reasons: Reason[];
  unfit: Reason | null;
  waivable: boolean;
  exceptions: string[];
  live: string;
  rules: RulesChanged | null;
  scoring: LiveScoring | null;
}
/**
 * What asking for a review would do.
 */
export interface ReviewPreview {
  project: string;
  environment: string;
  environments: string[];
  version: string;
  needed: number;
  people: Reviewer[];
  asked: string[];
  remotes: {
    [k: string]: string;
  };
  steps: string[];
  reasons: Reason[];
}
/**
 * Somebody who could be asked.
 */
export interface Reviewer {
  name: string;
  unfit: string;
}
/**
 * The end of what the runner and the processes of its cases printed.
 */
export interface RunLog {
  run: string;
  text: string;
  size: number;
  cut: boolean;
}
/**
 * What the kept runs of a suite scored, oldest first, the run itself included.
 */
export interface ScoreHistory {
  run: string;
  suite: string;
  scores: {
    [k: string]: ScorePoint[];
  };
  left_out: number;
}
/**
 * What one kept run scored.
 */
export interface ScorePoint {
  run: string;
  at: string;
  by: string;
  versions: string[];
  value: number;
  low: number | null;
  high: number | null;
  cases: number;
}
/**
 * What in a draft looks like a secret, and what a person is asked about beside it.
 */
export interface SecretsFound {
  run: string;
  suite: string;
  findings: FoundSecret[];
  redacts: boolean;
  by: string;
  nonce: string;
  personal: FoundPersonal[];
}
/**
 * What a person chooses; what is proposed is of the same form.
 */
export interface SetUpChoices {
  name: string;
  notebooks: string[] | null;
  in_order: boolean;
  model: string;
  file: string;
  remote: string;
  folder: string;
}
/**
 * What set-up wrote and committed.
 */
export interface SetUpDone {
  file: string;
  text: string;
  files: string[];
  commit: string;
  subject: string;
  said: string;
  commands: string[];
}
/**
 * What would be written and committed.
 */
export interface SetUpPreview {
  text: string;
  files: string[];
  message: string;
  commands: string[];
  remarks: string[];
  problem: Problem | null;
}
/**
 * What is found, and what we would choose.
 */
export interface SetUpProposal {
  notebooks: FoundNotebook[];
  remotes: FoundRemote[];
  choices: SetUpChoices;
  preview: SetUpPreview;
}
/**
 * What came of exchanging the history with a remote.
 */
export interface Shared {
  remote: string;
  url: string;
  came: number;
  files: number;
}
/**
 * An erasure as it is shown beside the evidence that it is of.
 */
export interface ShownErasure {
  files: ErasedFile[];
  draft: boolean;
  why: string;
  by: string;
  at: string;
  signed: string;
  problem: string;
}
/**
 * The manifest with what a reader has to know beside it; neither is part of its file.
 */
export interface ShownEvidence {
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
  kept: KeptChanges | null;
  erased: ShownErasure[];
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
  goals: {
    [k: string]: Goal;
  };
  problem: Problem | null;
  waiting: Waiting[];
  yours: Yours | null;
  remotes: {
    [k: string]: string;
  };
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
 * Something that waits for a person, and the way to it.
 */
export interface Waiting {
  kind: WaitingKind;
  text: string;
  since: string;
  way_out: WayOut;
  subject: string;
}
/**
 * The first line of "Where it is live": the files as they are here.
 */
export interface Yours {
  version: string;
  tested: boolean;
  scores: {
    [k: string]: number;
  };
  live_in: string;
}
/**
 * What was live everywhere at a moment, from the history alone.
 */
export interface StatusThen {
  project: string;
  at: string;
  environments: LiveThen[];
  remarks: string[];
  problems: string[];
}
/**
 * What ``evidence verify`` found.
 */
export interface Verification {
  subject: string;
  ok: boolean;
  checks: Check[];
}
/**
 * Who watches a project, and what watching it would do.
 */
export interface Watch {
  watching: Watching | null;
  branch: string;
  automatic: string[];
  checked: string[];
  nonce: string;
}
/**
 * Who watches a project on this machine.
 */
export interface Watching {
  by: string;
  since: string;
  pid: number;
  branch: string;
}
