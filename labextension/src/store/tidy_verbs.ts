/** What a person decides about what is kept: allow, erase, clean up. Each is confirmed, once. */
import type { IAllowing, IErasing } from '../api/client';
import type { ErasurePlan, Pruned, SecretsFound } from '../api/types';
import { actName } from './acts';
import type { IResource } from './resources';
import * as resources from './resources';
import type { Store } from './store';

/** Acts of the server; none of them leaves the machine. Only a person's click may lead here. */
export class TidyVerbs {
  constructor(private readonly _store: Store) {}

  /** Let a finding be kept; answers what stands in the way then. */
  async allow(project: string, run: string, allowing: IAllowing): Promise<SecretsFound | null> {
    const name = actName.allow(project, run, allowing.fingerprint);
    return this._confirmed(
      resources.secrets(project, run),
      await this._store.act(name, client => client.allowSecret(project, run, allowing))
    );
  }

  /** Remove what the Store holds of a run. */
  async erase(project: string, run: string, erasing: IErasing): Promise<ErasurePlan | null> {
    const name = actName.erase(project, run);
    return this._confirmed(
      resources.erasure(project, run),
      await this._store.act(name, client => client.erase(project, run, erasing))
    );
  }

  /** Remove old drafts and stored files that nothing names. */
  async prune(project: string, nonce: string): Promise<Pruned | null> {
    return this._confirmed(
      resources.pruning(project),
      await this._store.act(actName.prune(project), client => client.prune(project, nonce))
    );
  }

  /** The confirmation is used up, also where it was refused: how it stands now is asked for. */
  private async _confirmed<T>(shown: IResource<unknown>, answer: T): Promise<T> {
    await this._store.refresh(shown);
    if (answer !== null) {
      await this._store.refreshAll();
    }
    return answer;
  }
}
