/** One short notice per thing that was done, with "What this did" as plain commands. */
import { Dialog, Notification } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Kept } from '../api/types';
import type { Told } from '../store/verbs';
import { shortCommit } from '../views/format';
import { HostContext, type IHost } from '../views/host';
import { CommandList } from '../views/what_this_did';

/** Milliseconds for which it stands there by itself. */
const SEEN = 6000;

/** Say what was done. */
export function tellDone(told: Told, host: IHost): void {
  if (told.verb !== 'accept') {
    Notification.success(words(told, host), { autoClose: SEEN, actions: [tellingHow(told, host)] });
  } // What was accepted its own dialog tells, with the way to prove it.
}

/** "What this did" on a notice. */
export function tellingHow(told: Told, host: IHost): Notification.IAction {
  const { trans } = host;
  return {
    label: trans.__('What this did'),
    caption: trans.__('Show the plain commands that would have done the same'),
    callback: () => void showCommands(told, host)
  };
}

function words(told: Exclude<Told, { verb: 'accept' }>, { trans }: IHost): string {
  switch (told.verb) {
    case 'keep':
      return keptWords(told.done, trans);
    case 'set-up':
    case 'commit':
      return trans.__('Committed %1: %2', shortCommit(told.done.commit), told.done.subject);
  }
}

/** "Kept the run of quality on mlcd/evidence; 2 secrets were taken out". */
function keptWords({ suite, redacted, allowed, personal }: Kept, trans: IHost['trans']): string {
  const count = redacted.reduce((sum, one) => sum + one.count, 0);
  return [
    trans.__('Kept the run of %1 on mlcd/evidence', suite),
    count > 0 ? trans._n('%1 secret was taken out', '%1 secrets were taken out', count) : '',
    allowed.length > 0
      ? trans._n(
          '%1 finding was kept because it is allowed',
          '%1 findings were kept because they are allowed',
          allowed.length
        )
      : '',
    personal.length > 0
      ? trans._n(
          '%1 table in it looks like personal data, and is in git now',
          '%1 tables in it look like personal data, and are in git now',
          personal.length
        )
      : ''
  ]
    .filter(Boolean)
    .join('; ');
}

async function showCommands(told: Told, host: IHost): Promise<void> {
  const { trans } = host;
  const commands =
    told.verb === 'keep'
      ? await host.inCommands(told.project, { what: 'evidence', id: told.done.id }).catch(() => [])
      : told.done.commands;
  const body = ReactWidget.create(
    <HostContext.Provider value={host}>
      <div className="jp-Mlcd jp-Mlcd-commit">
        <p className="jp-Mlcd-secondary">
          {commands.length > 0
            ? trans.__('Plain commands that would have done the same, from the repository’s top:')
            : trans.__('There was nothing to do, so there is no command.')}
        </p>
        <CommandList commands={commands} />
      </div>
    </HostContext.Provider>
  );
  const title = trans.__('What this did');
  const buttons = [Dialog.okButton({ label: trans.__('Close') })];
  const dialog = new Dialog({ title, body, buttons });
  dialog.addClass('jp-Mlcd-commitDialog');
  await dialog.launch();
}
