/** The commit as a dialog that stays open until the commit is made: nothing typed is lost. */
import { Dialog } from '@jupyterlab/apputils';
import * as React from 'react';

import type { Committed } from '../api/types';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import { actName } from '../store/acts';
import { CommitForm, UNTOUCHED, chosen } from '../views/commit_form';
import type { IHost } from '../views/host';
import { StoreWidget } from './store_widget';

/** Ask what to commit, and commit it. Answers null when it was given up. */
export async function showCommitDialog(
  project: string,
  store: Store,
  host: IHost
): Promise<Committed | null> {
  store.forget(actName.commit(project));
  const dialog = new CommitDialog(new CommitBody(project, store, host), host);
  await dialog.launch();
  return dialog.committed;
}

class CommitBody extends StoreWidget {
  constructor(
    private readonly _project: string,
    store: Store,
    host: IHost
  ) {
    super(store, host);
  }

  /** Commit what is chosen. */
  commit(): Promise<Committed | null> {
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

  private _draft = UNTOUCHED;
}

class CommitDialog extends Dialog<void> {
  constructor(
    private readonly _content: CommitBody,
    { trans }: IHost
  ) {
    super({
      title: trans.__('Commit'),
      body: _content,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Commit') })
      ],
      defaultButton: 1,
      focusNodeSelector: 'textarea'
    });
    this.addClass('jp-Mlcd-commitDialog');
  }

  committed: Committed | null = null;

  /** Enter begins a line of the message; it does not belong to the buttons. */
  override handleEvent(event: Event): void {
    const isLine = event instanceof KeyboardEvent && event.key === 'Enter';
    if (!(isLine && event.target instanceof HTMLTextAreaElement)) {
      super.handleEvent(event);
    }
  }

  /** Commit first; close only when that is done. */
  override resolve(index = 1): void {
    if (index !== 1) {
      super.resolve(index);
      return;
    }
    void this._content.commit().then(committed => {
      if (committed) {
        this.committed = committed;
        super.resolve(index);
      }
    });
  }
}
