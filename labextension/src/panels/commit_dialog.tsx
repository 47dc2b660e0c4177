/** The commit as a dialog. */
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import type { Committed } from '../api/types';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import { actName } from '../store/acts';
import { CommitForm, UNTOUCHED, chosen } from '../views/commit_form';
import type { IHost } from '../views/host';
import { type IStaying, StayingDialog } from './staying_dialog';
import { StoreWidget } from './store_widget';

/** Ask what to commit, and commit it. Answers null when it was given up. */
export async function showCommitDialog(
  project: string,
  store: Store,
  host: IHost
): Promise<Committed | null> {
  store.forget(actName.commit(project));
  const { trans } = host;
  const words = { title: trans.__('Commit'), verb: trans.__('Commit') };
  const dialog = new StayingDialog(new CommitBody(project, store, host), words, host);
  await dialog.launch();
  return dialog.done;
}

class CommitBody extends StoreWidget implements IStaying<Committed> {
  constructor(
    private readonly _project: string,
    store: Store,
    host: IHost
  ) {
    super(store, host);
  }

  /** Commit what is chosen. */
  finish(): Promise<Committed | null> {
    const changes = known(this.store.read(resources.changes(this._project)));
    if (!changes) {
      return Promise.resolve(null);
    }
    const { paths, message } = chosen(this._draft, changes);
    return this.host.verbs.commit(this._project, paths, message);
  }

  protected view(state: IState): React.ReactElement {
    return (
      <CommitForm
        changes={this.store.read(resources.changes(this._project))}
        draft={this._draft}
        act={state.acts.get(actName.commit(this._project)) ?? null}
        onChange={draft => {
          this._draft = draft;
          this.update();
        }}
      />
    );
  }

  protected needs(): ReturnType<StoreWidget['needs']> {
    return [resources.changes(this._project)];
  }

  /** The text comes with what changed: only then can it have the focus. */
  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    void this.renderPromise?.then(() => {
      const text = this._hadFocus ? null : this.node.querySelector('textarea');
      if (text) {
        this._hadFocus = true;
        text.focus();
      }
    });
  }

  private _draft = UNTOUCHED;
  private _hadFocus = false;
}
