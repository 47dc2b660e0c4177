/** Keeps the state close to the truth: the project of the current document, hints, and a slow poll. */
import type { Event } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';

import { hintOf } from '../api/events';
import { OFFLINE } from '../api/problem';
import { Hearing } from './hearing';
import { holds, isUnderWay } from './questions';
import { known, problemIn } from './remote';
import * as resources from './resources';
import type { Store } from './store';

/** Milliseconds between two questions, in case a hint was missed. */
const SLOW = 30_000;
/** The same while something is under way: the server may go, and then no hint comes. */
const WATCHFUL = 10_000;
/** The same where hints do not come at all, and while nobody answers. */
const QUICK = 2_000;
/** The most that failures stretch it to. */
const SLOWEST = 60_000;

/** Follows the person from document to document and the server from change to change. */
export class Following implements IDisposable {
  constructor(
    private readonly _store: Store,
    private readonly _events: Event.IManager
  ) {
    this._events.stream.connect(this._onEvent, this);
    this._poll = new Poll({
      name: 'jupyter-mlcd:status',
      factory: () => this._askAgain(),
      frequency: { interval: SLOW, backoff: true, max: SLOWEST },
      standby: 'when-hidden',
      auto: false
    });
    this._store.changed.connect(this._onChanged, this);
    document.addEventListener('visibilitychange', this._onReturn);
    window.addEventListener('online', this._onReturn);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    document.removeEventListener('visibilitychange', this._onReturn);
    window.removeEventListener('online', this._onReturn);
    this._poll.dispose();
    this._watch?.dispose();
    Signal.clearData(this);
  }

  /** Begin, where the person is now. */
  async start(path: string): Promise<void> {
    await this.goTo(path);
    void this._poll.start();
  }

  /** Show the project that holds a document or folder, if one does. */
  async goTo(path: string): Promise<void> {
    this._store.update({ path });
    const resource = resources.projects(path);
    await this._store.refresh(resource);
    if (this._store.state.path !== path) {
      return; // Meanwhile she went on.
    }
    const found = known(this._store.read(resource)) ?? [];
    const chosen = this._store.state.project;
    const here = path || !chosen ? found.find(project => holds(project, path)) : undefined;
    const stays = found.some(project => project.id === chosen) || (!path && this._isThere(chosen));
    this.choose((here ?? (stays ? { id: chosen } : found[0]))?.id ?? '');
  }

  /** Show a project. */
  choose(project: string): void {
    if (project === this._store.state.project) {
      return;
    }
    this._watch?.dispose();
    this._store.update({ project });
    this._watch = project ? this._store.watch(resources.status(project)) : null;
  }

  /** Whether a project, which need not be among those that are listed, can be shown. */
  private _isThere(project: string): boolean {
    return project !== '' && problemIn(this._store.read(resources.status(project))) === null;
  }

  private async _askAgain(): Promise<void> {
    const { project, path } = this._store.state;
    if (project) {
      this._hearing.check();
      await this._store.refreshAll();
    } else {
      await this.goTo(path);
    }
  }

  private _onEvent(_: Event.IManager, emission: Event.Emission): void {
    const hint = hintOf(emission);
    if (!hint) {
      return;
    }
    if (hint.project !== this._store.state.project || this._hearing.hear(hint.seq)) {
      this._store.heed(hint);
    } else {
      void this._store.refreshAll(); // Others were missed: nobody knows what they spoke of.
    }
  }

  private _onChanged(): void {
    const { project, isUnheard } = this._store.state;
    const remote = project ? this._store.read(resources.status(project)) : null;
    const status = remote && known(remote);
    const isOffline = (remote && problemIn(remote))?.code === OFFLINE;
    if (isOffline) {
      this._hearing.lose();
    } else if (status) {
      this._hearing.learn(project, status.seq);
    }
    if (isUnheard !== this._hearing.isUnheard) {
      this._store.update({ isUnheard: this._hearing.isUnheard });
      return; // That was a change: it comes back here.
    }
    const busy = this._hearing.isHearing ? WATCHFUL : QUICK;
    const interval = isOffline ? QUICK : status && isUnderWay(status) ? busy : SLOW;
    if (this._poll.frequency.interval !== interval) {
      this._poll.frequency = { ...this._poll.frequency, interval };
      void this._poll.schedule({ phase: 'started', interval });
    }
  }

  private readonly _onReturn = (): void => {
    if (!document.hidden) {
      void this._askAgain();
    }
  };

  private _isDisposed = false;
  private readonly _hearing = new Hearing();
  private _watch: IDisposable | null = null;
  private readonly _poll: Poll;
}
