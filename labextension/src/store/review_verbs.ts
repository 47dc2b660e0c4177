/** What a person says about a version. Each is one act of the store, then how things stand now. */
import type { IAsking, IException, IRemark, ISeenThere, Seen, TellPlace } from '../api/client';
import type { ReviewPage, Shared, Told } from '../api/types';
import { actName } from './acts';
import * as resources from './resources';
import type { Store } from './store';

/** Acts of the server; what leaves the machine is only what `share` is asked for. */
export class ReviewVerbs {
  constructor(private readonly _store: Store) {}

  /** Keep, prepare and ask. */
  async ask(project: string, asking: IAsking): Promise<ReviewPage | null> {
    const name = actName.askReview(project, asking.environment);
    return this._refreshed(
      await this._store.act(name, client => client.askReview(project, asking))
    );
  }

  /** Exchange the history with a git remote. */
  async share(project: string, remote: string): Promise<Shared | null> {
    const name = actName.share(project, remote);
    return this._refreshed(await this._store.act(name, client => client.share(project, remote)));
  }

  async comment(project: string, version: string, remark: IRemark): Promise<ReviewPage | null> {
    const name = actName.comment(project, version, remark);
    return this._refreshed(
      await this._store.act(name, client => client.comment(project, version, remark))
    );
  }

  /** Ask for changes. Only a person's click may lead here. */
  async reject(project: string, seen: Seen, why: string): Promise<ReviewPage | null> {
    const name = actName.review(project, seen.version, 'reject');
    return this._said(
      project,
      seen,
      await this._store.act(name, client => client.reject(project, seen, why))
    );
  }

  /** Approve what was shown. Only a person's click may lead here. */
  async approve(project: string, seen: ISeenThere, comment: string): Promise<ReviewPage | null> {
    const name = actName.review(project, seen.version, 'approve');
    return this._said(
      project,
      seen,
      await this._store.act(name, client => client.approve(project, seen, comment))
    );
  }

  /** Except what was shown from a rule. Only a person's click may lead here. */
  async waive(
    project: string,
    seen: ISeenThere,
    exception: IException
  ): Promise<ReviewPage | null> {
    const name = actName.review(project, seen.version, 'waive');
    return this._said(
      project,
      seen,
      await this._store.act(name, client => client.waive(project, seen, exception))
    );
  }

  /** Take back what one said. Only a person's click may lead here. */
  async takeBack(
    project: string,
    seen: Seen,
    entry: string,
    why: string
  ): Promise<ReviewPage | null> {
    const name = actName.review(project, seen.version, `take-back:${entry}`);
    return this._said(
      project,
      seen,
      await this._store.act(name, client => client.takeBack(project, seen, entry, why))
    );
  }

  /** Ask the hub who approved it there. */
  async collect(project: string, environment: string, version: string): Promise<ReviewPage | null> {
    const name = actName.review(project, version, 'collect');
    return this._refreshed(
      await this._store.act(name, client => client.collectApprovals(project, environment, version))
    );
  }

  /** Tell people where they work. Only a person's click may lead here. */
  tell(project: string, version: string, place: TellPlace): Promise<readonly Told[] | null> {
    const name = actName.tellReview(project, version, place);
    return this._store.act(name, client => client.tellReview(project, version, place));
  }

  /** The confirmation is used up: also where it was refused, how it stands now is asked for. */
  private async _said(
    project: string,
    seen: Seen,
    answer: ReviewPage | null
  ): Promise<ReviewPage | null> {
    await this._store.refresh(resources.review(project, seen.version));
    return this._refreshed(answer);
  }

  private async _refreshed<T>(answer: T): Promise<T> {
    if (answer !== null) {
      await this._store.refreshAll();
    }
    return answer;
  }
}
