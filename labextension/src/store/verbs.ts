/** What a person can ask for. Each is one act of the store, then a question how things stand now. */
import type {
  BackConfirmation,
  Confirmation,
  FollowAct,
  IAcceptance,
  ISaid,
  RunRequest
} from '../api/client';
import type {
  Accepted,
  Committed,
  Delivery,
  Kept,
  Run,
  SetUpChoices,
  SetUpDone
} from '../api/types';
import { actName } from './acts';
import { withRun } from './live';
import * as resources from './resources';
import type { Store } from './store';

/** Something that a person asked for and that is done now. */
export type Told =
  | { readonly verb: 'set-up'; readonly project: string; readonly done: SetUpDone }
  | { readonly verb: 'keep'; readonly project: string; readonly done: Kept }
  | { readonly verb: 'accept'; readonly project: string; readonly done: Accepted }
  | { readonly verb: 'commit'; readonly project: string; readonly done: Committed };

/** Acts of the server, by their names there. */
export class Verbs {
  /** `saveFirst` saves the open documents of a project: a run sees files, not unsaved edits. */
  constructor(
    private readonly _store: Store,
    private readonly _saveFirst: (project: string) => Promise<void>,
    private readonly _tell: (told: Told) => void = () => undefined
  ) {}

  async run(project: string, request: RunRequest): Promise<Run | null> {
    const what = whatToRun(request);
    const run = await this._store.act(actName.run(project, what), async client => {
      await this._saveFirst(project);
      return client.run(project, request);
    });
    if (run) {
      const started = new Map(this._store.state.started).set(run.id, project);
      this._store.update({ started });
      // Told by the server just now: it is shown before all else is asked for.
      this._store.amend(resources.status(project), status => withRun(status, run));
    }
    return this._refreshed(run);
  }

  async cancel(project: string, run: string): Promise<Run | null> {
    const name = actName.cancel(project, run);
    return this._refreshed(await this._store.act(name, client => client.cancel(project, run)));
  }

  async keep(project: string, run: string, althoughPersonal = false): Promise<boolean> {
    const name = actName.keep(project, run);
    const kept = await this._store.act(name, client => client.keep(project, run, althoughPersonal));
    this._told(kept && { verb: 'keep', project, done: kept });
    return (await this._refreshed(kept)) !== null;
  }

  /** Make results of a run the expected ones, and commit that. */
  async accept(project: string, run: string, acceptance: IAcceptance): Promise<Accepted | null> {
    const name = actName.accept(project, run);
    const accepted = await this._store.act(name, client => client.accept(project, run, acceptance));
    return this._refreshed(this._told(accepted && { verb: 'accept', project, done: accepted }));
  }

  /** Write mlcd.toml as it was chosen, and commit it. */
  async setUp(project: string, choices: SetUpChoices): Promise<SetUpDone | null> {
    const name = actName.setUp(project);
    const done = await this._store.act(name, async client => {
      await this._saveFirst(project);
      return client.setUp(project, choices);
    });
    await this._store.refresh(resources.projects(this._store.state.path));
    return this._refreshed(this._told(done && { verb: 'set-up', project, done }));
  }

  async commit(
    project: string,
    paths: readonly string[],
    message: string
  ): Promise<Committed | null> {
    const committed = await this._store.act(actName.commit(project), async client => {
      await this._saveFirst(project);
      return client.commit(project, paths, message);
    });
    return this._refreshed(this._told(committed && { verb: 'commit', project, done: committed }));
  }

  /** Deliver exactly what a preview showed. Only a person's click may lead here. */
  async deliver(project: string, confirmed: Confirmation, said: ISaid): Promise<Delivery | null> {
    const { environment } = confirmed;
    const name = actName.deliver(project, environment);
    const delivery = await this._store.act(name, client =>
      client.deliver(project, confirmed, said)
    );
    if (delivery) {
      this.show(project, environment, delivery.key);
    } else {
      // The nonce is used up; a new preview says what stands in the way.
      await this._store.refresh(resources.preview(project, environment));
    }
    return this._refreshed(delivery);
  }

  /** Score the model that the rules of an environment compare with; a failed one once more. */
  async scoreLive(project: string, environment: string, version = ''): Promise<boolean> {
    const name = actName.scoreLive(project, environment);
    const begun = await this._store.act(name, async client => {
      await this._saveFirst(project);
      return client.startScoring(project, environment, { again: true, version });
    });
    return (await this._refreshed(begun)) !== null;
  }

  /** Bring back what a preview showed. Only a person's click may lead here. */
  async rollBack(
    project: string,
    confirmed: BackConfirmation,
    why: string
  ): Promise<Delivery | null> {
    const { environment, version } = confirmed;
    const name = actName.rollBack(project, environment);
    const delivery = await this._store.act(name, client =>
      client.rollBack(project, confirmed, why)
    );
    if (delivery) {
      this.show(project, environment, delivery.key);
    } else {
      for (const one of [version, '']) {
        await this._store.refresh(resources.previewRollBack(project, environment, one));
      }
    }
    return this._refreshed(delivery);
  }

  /** Go on with a delivery, give it up or close it. Only a person's click may lead here. */
  async follow(
    project: string,
    delivery: Delivery,
    act: FollowAct,
    why = ''
  ): Promise<Delivery | null> {
    const name = actName.follow(project, delivery.key);
    const followed = await this._store.act(name, client =>
      client.follow(project, delivery, act, why)
    );
    // The nonce is used up, and it may be over.
    await this._store.refresh(resources.delivery(project, delivery.key));
    return this._refreshed(followed);
  }

  /** Ask the target once more what became of a delivery. */
  async lookAgain(project: string, key: string): Promise<void> {
    await this._store.act(actName.follow(project, key), () =>
      this._store.refresh(resources.delivery(project, key))
    );
  }

  /** Show a delivery on the Deliver page; without a key, the page that delivers the next one. */
  show(project: string, environment: string, delivery = ''): void {
    const keys = new Map(this._store.state.confirmed);
    const name = `${project}:${environment}`;
    if (delivery) {
      keys.set(name, delivery);
    } else {
      keys.delete(name);
    }
    this._store.update({ confirmed: keys });
  }

  forget(act: string): void {
    this._store.forget(act);
  }

  /** Say that it was done, if it was; answers what came of it. */
  private _told<D extends Told>(told: D | null): D['done'] | null {
    if (told) {
      this._tell(told);
    }
    return told && told.done;
  }

  private async _refreshed<T>(answer: T): Promise<T> {
    if (answer !== null) {
      await this._store.refreshAll();
    }
    return answer;
  }
}

/** What the act of a request is called by. */
export function whatToRun(request: RunRequest): string {
  if ('suite' in request) {
    return request.suite;
  }
  return 'notebook' in request ? request.notebook : request.notebooks.join(', ');
}
