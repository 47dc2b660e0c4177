/** The one store: one state, one signal. It never decides; it asks the server and keeps what it said. */
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { Client } from '../api/client';
import type { IHint } from '../api/events';
import { problemOf } from '../api/problem';
import type { Problem } from '../api/types';
import { IDLE, type Remote, failed, pending, ready } from './remote';
import type { IReading } from './reading';
import type { IResource } from './resources';

/** Something a person asked for that has not succeeded yet. */
export type Act =
  { readonly state: 'pending' } | { readonly state: 'failed'; readonly problem: Problem };

/** Everything that the views show. Never changed in place. */
export interface IState {
  /** `{resource key: what is known of it}`. */
  readonly remotes: ReadonlyMap<string, Remote<unknown>>;
  /** `{verb:what: how far it is}`; what succeeded is gone from here. */
  readonly acts: ReadonlyMap<string, Act>;
  /** Contents path of the document that is being worked on. */
  readonly path: string;
  /** Id of the project that is shown; empty before one is known. */
  readonly project: string;
  /** `{project:environment: key}` of deliveries confirmed in this page, to show how they go on. */
  readonly confirmed: ReadonlyMap<string, string>;
  /** `{run id: project}` of runs started in this page, in order. */
  readonly started: ReadonlyMap<string, string>;
  /** `{project:run: what a reader of its evidence looks at}`. */
  readonly reading: ReadonlyMap<string, IReading>;
  /** Whether the server's hints do not reach this page, which then asks more often. */
  readonly isUnheard: boolean;
}

const EMPTY: IState = {
  remotes: new Map(),
  acts: new Map(),
  path: '',
  project: '',
  confirmed: new Map(),
  started: new Map(),
  reading: new Map(),
  isUnheard: false
};

interface IWatched {
  readonly resource: IResource<unknown>;
  watchers: number;
  asking: boolean;
  /** Whether a hint came while it was being asked for. */
  again: boolean;
}

/** Keeps the state, and asks again for what is watched when a hint speaks of it. */
export class Store implements IDisposable {
  constructor(private readonly _client: Client) {}

  get state(): IState {
    return this._state;
  }

  /** Emitted after every change of `state`. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._watched.clear();
    Signal.clearData(this);
  }

  /** What is known of a resource. */
  read<T>(resource: IResource<T>): Remote<T> {
    // Only `_ask` writes here, with what this very key's fetch gave.
    return (this._state.remotes.get(resource.key) as Remote<T> | undefined) ?? IDLE;
  }

  /** Ask for a resource now and whenever a hint speaks of it, until the watch is disposed. */
  watch(resource: IResource<unknown>): IDisposable {
    const { key } = resource;
    const watched = this._watched.get(key) ?? this._unwatched(resource);
    this._watched.set(key, watched);
    watched.watchers += 1;
    void this._ask(watched);
    return new DisposableDelegate(() => {
      watched.watchers -= 1;
      if (watched.watchers === 0) {
        this._watched.delete(key);
      }
    });
  }

  /** Ask for a resource now. Resolves when the answer is in the state. */
  async refresh(resource: IResource<unknown>): Promise<void> {
    await this._ask(this._watched.get(resource.key) ?? this._unwatched(resource));
  }

  /** Ask again for everything that is watched. */
  async refreshAll(): Promise<void> {
    await Promise.all([...this._watched.values()].map(watched => this._ask(watched)));
  }

  /** Ask again for what a hint speaks of. */
  heed(hint: IHint): void {
    for (const watched of this._watched.values()) {
      if (watched.resource.heeds(hint)) {
        void this._ask(watched);
      }
    }
  }

  /** Put what an act answered into what is known, until the next question tells all of it. */
  amend<T>(resource: IResource<T>, change: (value: T) => T): void {
    const remote = this.read(resource);
    if (remote.state === 'ready') {
      this._setRemote(resource.key, ready(change(remote.value)));
    }
  }

  /** Do what a person asked for. Answers null when it failed; why is then in `state.acts`. */
  async act<T>(name: string, verb: (client: Client) => Promise<T>): Promise<T | null> {
    if (this._state.acts.get(name)?.state === 'pending') {
      return null; // A second click is not a second act.
    }
    this._setAct(name, { state: 'pending' });
    try {
      const answer = await verb(this._client);
      this._setAct(name, null);
      return answer;
    } catch (thrown) {
      this._setAct(name, { state: 'failed', problem: problemOf(thrown) });
      return null;
    }
  }

  /** Take a failed act off the screen. */
  forget(name: string): void {
    this._setAct(name, null);
  }

  /** Change the rest of the state. */
  update(part: Partial<Omit<IState, 'remotes' | 'acts'>>): void {
    this._set({ ...this._state, ...part });
  }

  private _unwatched(resource: IResource<unknown>): IWatched {
    return { resource, watchers: 0, asking: false, again: false };
  }

  /** Ask once at a time: what is asked for meanwhile is one more question afterwards. */
  private async _ask(watched: IWatched): Promise<void> {
    if (watched.asking) {
      watched.again = true;
      return;
    }
    watched.asking = true;
    await this._askOnce(watched.resource);
    watched.asking = false;
    if (watched.again) {
      watched.again = false;
      await this._ask(watched);
    }
  }

  private async _askOnce(resource: IResource<unknown>): Promise<void> {
    const before = this.read(resource);
    if (before.state !== 'ready') {
      // What is there stays as it is while it is asked for again: nothing flickers.
      this._setRemote(resource.key, before.state === 'idle' ? pending(before) : before);
    }
    try {
      this._setRemote(resource.key, ready(await resource.fetch(this._client)));
    } catch (thrown) {
      this._setRemote(resource.key, failed(problemOf(thrown), before));
    }
  }

  private _setRemote(key: string, remote: Remote<unknown>): void {
    const remotes = new Map(this._state.remotes);
    this._set({ ...this._state, remotes: remotes.set(key, remote) });
  }

  private _setAct(name: string, act: Act | null): void {
    const acts = new Map(this._state.acts);
    if (act) {
      acts.set(name, act);
    } else {
      acts.delete(name);
    }
    this._set({ ...this._state, acts });
  }

  private _set(state: IState): void {
    if (!this._isDisposed) {
      this._state = state;
      this._changed.emit();
    }
  }

  private _state = EMPTY;
  private _isDisposed = false;
  private readonly _watched = new Map<string, IWatched>();
  private readonly _changed = new Signal<this, void>(this);
}
