/** One method per route of the server; the names are the server's verbs. */
import type {
  Accepted,
  CaseChanges,
  Changes,
  CiPreview,
  CiRun,
  Commands,
  Committed,
  Deliveries,
  Delivery,
  ErasurePlan,
  EvidenceChanges,
  EvidenceStatus,
  Figures,
  Hold,
  Kept,
  LiveScoring,
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
  SetUpDone,
  SetUpPreview,
  SetUpProposal,
  Shared,
  ShownEvidence,
  Status,
  Told,
  Verification,
  Watch
} from './types';

/** How a request reaches the server. It answers with what was asked for, or throws a `Refusal`. */
export interface ITransport {
  json: (path: string, body?: object) => Promise<unknown>;
  text: (path: string) => Promise<string>;
  blob: (path: string) => Promise<Blob>;
}

/** What to run: a suite, its cases that were red in its newest run, or one notebook with parameters. */
export type RunRequest =
  | { readonly suite: string; readonly failed_only?: true }
  | { readonly notebook: string; readonly parameters?: Record<string, unknown> }
  | { readonly notebooks: readonly string[] };

/** Which results are right, and why: of a run, of a case by its id, of a cell by its position. */
export interface IAcceptance {
  readonly case: string;
  readonly cell: number | null;
  readonly why: string;
}

/** What a click on Deliver confirms: exactly what a preview showed. */
export type Confirmation = Pick<Preview, 'environment' | 'version' | 'digest' | 'nonce'>;

/** What a word that counts is about: exactly what the page of a review showed. */
export type Seen = Pick<ReviewPage, 'version' | 'digest' | 'nonce'>;

/** The same, for one environment under its rules. */
export interface ISeenThere extends Seen {
  readonly environment: string;
  /** Digest of the rules that were shown. */
  readonly policy: string;
}

/** What a click on Roll back confirms. */
export type BackConfirmation = Confirmation & Pick<Preview, 'replaces'>;

/** What a person says with a delivery. */
export interface ISaid {
  readonly why: string;
  /** Work items, as `#12` or `AB#34`. */
  readonly issues: readonly string[];
}

/** Where it can be told that a review is asked for. */
export type TellPlace = 'pull-request' | 'work-item' | 'webhook';

/** Whom to ask for a review, of what. */
export interface IAsking {
  readonly environment: string;
  readonly people: readonly string[];
  readonly why: string;
  /** Empty: what is ready. */
  readonly version: string;
}

/** A word on a version, on a case of its evidence, or on a cell of that. */
export interface IRemark {
  readonly text: string;
  readonly case: string;
  readonly cell: number | null;
}

/** From which rule a version is excepted. */
export interface IException {
  readonly rule: string;
  readonly why: string;
  /** A day, as 2026-12-01. */
  readonly until: string;
}

/** Which finding of a draft may be kept, as the page of its findings showed it. */
export interface IAllowing {
  readonly number: number;
  readonly fingerprint: string;
  readonly why: string;
  /** A day, as 2026-12-01. */
  readonly until: string;
  readonly nonce: string;
}

/** What is erased of a run, as its preview showed it. */
export interface IErasing {
  readonly why: string;
  /** sha256 of the files; empty for all of it. */
  readonly only: readonly string[];
  /** Environments that lose what is live there. */
  readonly although_live: readonly string[];
  readonly nonce: string;
}

/** How a live model is to be scored. */
export interface IScoring {
  /** Whether it is tried once more where it failed. */
  readonly again: boolean;
  /** What would be delivered; empty: what is ready. */
  readonly version: string;
}

/** What a person can do about a delivery that stopped. */
export type FollowAct = 'go-on' | 'cancel' | 'close';

/** Something that was done: a run, a keep (`evidence`), a delivery or a CI run, by id, key or commit. */
export interface IDone {
  readonly what: 'runs' | 'evidence' | 'deliveries' | 'ci';
  readonly id: string;
}

const part = encodeURIComponent;

/** The server, as typed calls. Every method may throw a `Refusal`. */
export class Client {
  constructor(private readonly _transport: ITransport) {}

  async projects(path: string): Promise<ProjectReference[]> {
    const answer = await this._get<{ projects: ProjectReference[] }>(`projects?path=${part(path)}`);
    return answer.projects;
  }

  status(project: string): Promise<Status> {
    return this._get(of(project));
  }

  proposeSetUp(project: string): Promise<SetUpProposal> {
    return this._get(`${of(project)}/set-up`);
  }

  previewSetUp(project: string, choices: SetUpChoices): Promise<SetUpPreview> {
    return this._post(`${of(project)}/set-up/preview`, choices);
  }

  setUp(project: string, choices: SetUpChoices): Promise<SetUpDone> {
    return this._post(`${of(project)}/set-up`, choices);
  }

  describeParameters(project: string, notebook: string): Promise<ParameterForm> {
    return this._get(`${of(project)}/parameters?notebook=${part(notebook)}`);
  }

  /** The plain commands that would have done the same as something that was done. */
  async inCommands(project: string, { what, id }: IDone): Promise<readonly string[]> {
    const answer = await this._get<Commands>(`${of(project)}/${what}/${part(id)}/commands`);
    return answer.commands;
  }

  /** What the CD system would make of a delivery; nothing is started. */
  async rehearse(project: string, environment: string): Promise<readonly string[]> {
    const place = `${of(project)}/previews/${part(environment)}/rehearsal`;
    return (await this._post<{ says: string[] }>(place)).says;
  }

  /** What starting the CI run of the commit would push and start. */
  previewCi(project: string): Promise<CiPreview> {
    return this._get(`${of(project)}/ci/preview`);
  }

  /** Push and start what a preview showed. */
  startCi(project: string, { digest, nonce }: CiPreview): Promise<CiRun> {
    return this._post(`${of(project)}/ci`, { digest, nonce });
  }

  /** How the CI run of the commit stands. */
  showCi(project: string): Promise<CiRun> {
    return this._get(`${of(project)}/ci`);
  }

  run(project: string, request: RunRequest): Promise<Run> {
    return this._post(`${of(project)}/runs`, request);
  }

  showRun(project: string, run: string): Promise<Run> {
    return this._get(`${of(project)}/runs/${part(run)}`);
  }

  /** The end of what a run printed. */
  showLog(project: string, run: string): Promise<RunLog> {
    return this._get(`${of(project)}/runs/${part(run)}/log`);
  }

  cancel(project: string, run: string): Promise<Run> {
    return this._post(`${of(project)}/runs/${part(run)}/cancel`);
  }

  keep(project: string, run: string, althoughPersonal: boolean): Promise<Kept> {
    const body = { although_personal: althoughPersonal };
    return this._post(`${of(project)}/runs/${part(run)}/keep`, body);
  }

  /** What in a draft looks like a secret, or like personal data. */
  showSecrets(project: string, run: string): Promise<SecretsFound> {
    return this._get(`${of(project)}/runs/${part(run)}/secrets`);
  }

  allowSecret(project: string, run: string, allowing: IAllowing): Promise<SecretsFound> {
    return this._post(`${of(project)}/runs/${part(run)}/secrets/allowed`, allowing);
  }

  accept(project: string, run: string, acceptance: IAcceptance): Promise<Accepted> {
    return this._post(`${of(project)}/runs/${part(run)}/accept`, acceptance);
  }

  /** A picture of a difference or of an output, by its path in the run's bundle. */
  showPicture(project: string, run: string, path: string): Promise<Blob> {
    const file = path.split('/').map(part).join('/');
    return this._transport.blob(`${of(project)}/runs/${part(run)}/files/${file}`);
  }

  showNotebook(project: string, run: string, index: number): Promise<string> {
    return this._transport.text(`${of(project)}/runs/${part(run)}/notebooks/${index}`);
  }

  showReport(project: string, run: string): Promise<string> {
    return this._transport.text(`${of(project)}/runs/${part(run)}/report`);
  }

  changes(project: string): Promise<Changes> {
    return this._get(`${of(project)}/changes`);
  }

  commit(project: string, paths: readonly string[], message: string): Promise<Committed> {
    return this._post(`${of(project)}/commits`, { paths, message });
  }

  async evidence(project: string): Promise<EvidenceStatus[]> {
    const answer = await this._get<{ evidence: EvidenceStatus[] }>(`${of(project)}/evidence`);
    return answer.evidence;
  }

  showEvidence(project: string, run: string): Promise<ShownEvidence> {
    return this._get(`${of(project)}/evidence/${part(run)}`);
  }

  /** What erasing evidence would remove from this machine, and what it would not. */
  previewErasure(project: string, run: string): Promise<ErasurePlan> {
    return this._get(`${of(project)}/evidence/${part(run)}/erasure`);
  }

  erase(project: string, run: string, erasing: IErasing): Promise<ErasurePlan> {
    return this._post(`${of(project)}/evidence/${part(run)}/erasure`, erasing);
  }

  /** Old drafts, and stored files that nothing names. */
  previewPruning(project: string): Promise<Pruned> {
    return this._get(`${of(project)}/pruning`);
  }

  prune(project: string, nonce: string): Promise<Pruned> {
    return this._post(`${of(project)}/pruning`, { nonce });
  }

  /** Who watches a project, and what watching it would do. */
  showWatch(project: string): Promise<Watch> {
    return this._get(`${of(project)}/watch`);
  }

  startWatching(project: string, nonce: string): Promise<Watch> {
    return this._post(`${of(project)}/watch`, { nonce });
  }

  stopWatching(project: string, nonce: string): Promise<Watch> {
    return this._post(`${of(project)}/watch/stop`, { nonce });
  }

  hold(project: string, environment: string, why: string, nonce: string): Promise<Hold> {
    return this._post(`${of(project)}/environments/${part(environment)}/hold`, { why, nonce });
  }

  lift(project: string, environment: string, why: string, nonce: string): Promise<Hold> {
    return this._post(`${of(project)}/environments/${part(environment)}/lift`, { why, nonce });
  }

  /** Let what is live be checked; where it is red it is rolled back. */
  startCheck(project: string, environment: string, nonce: string): Promise<Watch> {
    const body = { nonce, again: true };
    return this._post(`${of(project)}/environments/${part(environment)}/check`, body);
  }

  /** Score the model that the rules of an environment compare with by the evaluation of today. */
  startScoring(project: string, environment: string, asked: IScoring): Promise<LiveScoring> {
    return this._post(`${of(project)}/environments/${part(environment)}/scoring`, asked);
  }

  verify(project: string, run: string): Promise<Verification> {
    return this._get(`${of(project)}/evidence/${part(run)}/verification`);
  }

  /** What changed in a run against the run `against`; empty: against what is live. */
  compare(project: string, run: string, against: string): Promise<EvidenceChanges> {
    return this._get(`${of(project)}/evidence/${part(run)}/changes?against=${part(against)}`);
  }

  /** One case of such a comparison, by its place there, cell by cell. */
  compareCase(project: string, run: string, index: number, against: string): Promise<CaseChanges> {
    const path = `${of(project)}/evidence/${part(run)}/changes/${index}`;
    return this._get(`${path}?against=${part(against)}`);
  }

  showScores(project: string, run: string): Promise<ScoreHistory> {
    return this._get(`${of(project)}/evidence/${part(run)}/scores`);
  }

  preview(project: string, environment: string): Promise<Preview> {
    return this._get(`${of(project)}/previews/${part(environment)}`);
  }

  deliver(project: string, confirmed: Confirmation, said: ISaid): Promise<Delivery> {
    const { environment, version, digest, nonce } = confirmed;
    return this._post(`${of(project)}/deliveries`, {
      environment,
      version,
      digest,
      nonce,
      ...said
    });
  }

  /** What a roll back would bring; without a version, what was live before. */
  previewRollBack(project: string, environment: string, version: string): Promise<Preview> {
    const query = version ? `?version=${part(version)}` : '';
    return this._get(`${of(project)}/previews/${part(environment)}/roll-back${query}`);
  }

  rollBack(project: string, confirmed: BackConfirmation, why: string): Promise<Delivery> {
    const { environment, version, digest, nonce, replaces } = confirmed;
    return this._post(`${of(project)}/roll-backs`, {
      environment,
      version,
      digest,
      nonce,
      replaces: replaces?.version ?? '',
      why
    });
  }

  /** One page of the deliveries to an environment, newest first. */
  deliveries(project: string, environment: string, page: number): Promise<Deliveries> {
    const where = `${of(project)}/environments/${part(environment)}`;
    return this._get(`${where}/deliveries?page=${page}`);
  }

  /** How often, how fast and how well an environment is delivered to. */
  figures(project: string, environment: string): Promise<Figures> {
    return this._get(`${of(project)}/environments/${part(environment)}/figures`);
  }

  /** What a version changes; without one, what would go to an environment now. */
  describeRelease(project: string, version: string, environment: string): Promise<ReleaseChanges> {
    const asked = `version=${part(version)}&environment=${part(environment)}`;
    return this._get(`${of(project)}/release-changes?${asked}`);
  }

  /** What asking for a review would do, and who could be asked. */
  previewReview(project: string, environment: string): Promise<ReviewPreview> {
    return this._get(`${of(project)}/previews/${part(environment)}/review`);
  }

  askReview(project: string, asking: IAsking): Promise<ReviewPage> {
    return this._post(`${of(project)}/reviews`, asking);
  }

  showReview(project: string, version: string): Promise<ReviewPage> {
    return this._get(review(project, version));
  }

  comment(project: string, version: string, remark: IRemark): Promise<ReviewPage> {
    return this._post(`${review(project, version)}/comments`, remark);
  }

  reject(project: string, { version, digest, nonce }: Seen, why: string): Promise<ReviewPage> {
    return this._post(`${review(project, version)}/rejections`, { digest, nonce, why });
  }

  approve(project: string, seen: ISeenThere, comment: string): Promise<ReviewPage> {
    const { version, ...rest } = seen;
    return this._post(`${review(project, version)}/approvals`, { ...rest, comment });
  }

  waive(project: string, seen: ISeenThere, exception: IException): Promise<ReviewPage> {
    const { version, ...rest } = seen;
    return this._post(`${review(project, version)}/waivers`, { ...rest, ...exception });
  }

  takeBack(
    project: string,
    { digest, nonce }: Seen,
    entry: string,
    why: string
  ): Promise<ReviewPage> {
    const path = `${of(project)}/review-entries/${part(entry)}/take-back`;
    return this._post(path, { digest, nonce, why });
  }

  /** Ask the hub who approved a version there, and keep what it says. */
  collectApprovals(project: string, environment: string, version: string): Promise<ReviewPage> {
    const path = `${of(project)}/environments/${part(environment)}/approvals`;
    return this._post(path, { version });
  }

  /** Tell people where they work that a review is asked for. */
  async tellReview(project: string, version: string, place: TellPlace): Promise<readonly Told[]> {
    const path = `${review(project, version)}/told`;
    return (await this._post<{ told: Told[] }>(path, { places: [place] })).told;
  }

  /** A version and its review as one page, for people without Jupyter. */
  showReviewReport(project: string, version: string): Promise<string> {
    return this._transport.text(`${review(project, version)}/report`);
  }

  /** Push what was written here to a git remote, and bring what others wrote. */
  share(project: string, remote: string): Promise<Shared> {
    return this._post(`${of(project)}/history/share`, { remote });
  }

  /** Do what can be done about a delivery, with the confirmation that came with it. */
  follow(project: string, delivery: Delivery, act: FollowAct, why: string): Promise<Delivery> {
    const { key, nonce } = delivery;
    return this._post(`${of(project)}/deliveries/${part(key)}/${act}`, { nonce, why });
  }

  showDelivery(project: string, key: string): Promise<Delivery> {
    return this._get(`${of(project)}/deliveries/${part(key)}`);
  }

  /** The one place where an answer is taken for its type: the schema is the server's own. */
  private async _get<T>(path: string): Promise<T> {
    return (await this._transport.json(path)) as T;
  }

  private async _post<T>(path: string, body: object = {}): Promise<T> {
    return (await this._transport.json(path, body)) as T;
  }
}

function review(project: string, version: string): string {
  return `${of(project)}/reviews/${part(version)}`;
}

function of(project: string): string {
  return `projects/${part(project)}`;
}
