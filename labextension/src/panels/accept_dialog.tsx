/** "This is the new expected result" as a dialog that asks why. */
import { Notification } from '@jupyterlab/apputils';
import * as React from 'react';

import type { Accepted } from '../api/types';
import { actName } from '../store/acts';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import { AcceptForm } from '../views/accept_form';
import type { IAccepting } from '../views/accepting';
import { shortCommit } from '../views/format';
import type { IHost } from '../views/host';
import { withNames } from '../views/names';
import { tellingHow } from './done_notices';
import { type IStaying, StayingDialog } from './staying_dialog';
import { StoreWidget } from './store_widget';

interface IOf extends IAccepting {
  readonly project: string;
  readonly run: string;
}

/** Ask why, and make results the expected ones. Answers null when it was given up. */
export async function showAcceptDialog(
  of: IOf,
  store: Store,
  host: IHost
): Promise<Accepted | null> {
  const { trans } = host;
  store.forget(actName.accept(of.project, of.run));
  const words = {
    title:
      of.cell === null
        ? trans.__('These are the new expected results')
        : trans.__('This is the new expected result'),
    verb: trans.__('Accept and commit')
  };
  const dialog = new StayingDialog(new AcceptBody(of, store, host), words, host);
  await dialog.launch();
  if (dialog.done) {
    say(dialog.done, of, store, host);
  }
  return dialog.done;
}

function say(accepted: Accepted, of: IOf, store: Store, host: IHost): void {
  const { trans, verbs } = host;
  if (!accepted.commit) {
    Notification.info(trans.__('These results were expected already; nothing was written.'), {
      autoClose: 8000
    });
    return;
  }
  const suite = known(store.read(resources.run(of.project, of.run)))?.suite ?? '';
  const status = known(store.read(resources.status(of.project)));
  const isSuite = status?.suites.some(one => one.name === suite) ?? false;
  const run = {
    label: trans.__('Run again'),
    caption: trans.__('Run %1 again, to prove it', suite),
    callback: () => void verbs.run(of.project, { suite })
  };
  const how = tellingHow({ verb: 'accept', project: of.project, done: accepted }, host);
  Notification.success(
    trans.__(
      'Expected from now on: %1 (%2)',
      withNames(accepted.subject),
      shortCommit(accepted.commit)
    ),
    { autoClose: 12_000, actions: isSuite ? [run, how] : [how] }
  );
}

class AcceptBody extends StoreWidget implements IStaying<Accepted> {
  constructor(
    private readonly _of: IOf,
    store: Store,
    host: IHost
  ) {
    super(store, host);
  }

  /** Accept with the reason that was typed. */
  async finish(): Promise<Accepted | null> {
    const { project, run, cell } = this._of;
    const why = this._why.trim();
    this._isMissing = why === '';
    this.update();
    if (this._isMissing) {
      this.node.querySelector('textarea')?.focus();
      return null;
    }
    return this.host.verbs.accept(project, run, { case: this._of.case, cell, why });
  }

  protected view(state: IState): React.ReactElement {
    const { project, run } = this._of;
    return (
      <AcceptForm
        what={this._of}
        run={this.store.read(resources.run(project, run))}
        branch={known(this.store.read(resources.status(project)))?.place.branch ?? ''}
        why={this._why}
        isMissing={this._isMissing}
        act={state.acts.get(actName.accept(project, run)) ?? null}
        onChange={why => {
          this._why = why;
          this._isMissing = false;
          this.update();
        }}
      />
    );
  }

  protected needs(): ReturnType<StoreWidget['needs']> {
    return [resources.run(this._of.project, this._of.run)];
  }

  private _why = '';
  private _isMissing = false;
}
