/** What a person decides about delivering by itself: watch, hold, lift, check. Confirmed, once. */
import type { Client } from '../api/client';
import { actName } from './acts';
import * as resources from './resources';
import type { Store } from './store';

/** Acts of the server. Only a person's click may lead here. */
export class WatchVerbs {
  constructor(private readonly _store: Store) {}

  /** Let the project be watched on this machine from now on. */
  start(project: string, nonce: string): Promise<boolean> {
    return this._confirmed(project, actName.watch(project), client =>
      client.startWatching(project, nonce)
    );
  }

  /** End whoever watches it on this machine. */
  stop(project: string, nonce: string): Promise<boolean> {
    return this._confirmed(project, actName.watch(project), client =>
      client.stopWatching(project, nonce)
    );
  }

  /** Let nothing be delivered there until it is lifted. */
  hold(project: string, environment: string, why: string, nonce: string): Promise<boolean> {
    return this._confirmed(project, actName.hold(project, environment), client =>
      client.hold(project, environment, why, nonce)
    );
  }

  lift(project: string, environment: string, why: string, nonce: string): Promise<boolean> {
    return this._confirmed(project, actName.lift(project, environment), client =>
      client.lift(project, environment, why, nonce)
    );
  }

  /** Check what is live there; where it is red it is rolled back. */
  check(project: string, environment: string, nonce: string): Promise<boolean> {
    return this._confirmed(project, actName.check(project, environment), client =>
      client.startCheck(project, environment, nonce)
    );
  }

  /** The confirmation is used up, also where it was refused: how it stands now is asked for. */
  private async _confirmed(
    project: string,
    name: string,
    ask: (client: Client) => Promise<unknown>
  ): Promise<boolean> {
    const answer = await this._store.act(name, ask);
    await this._store.refresh(resources.watch(project));
    if (answer !== null) {
      await this._store.refreshAll();
    }
    return answer !== null;
  }
}
