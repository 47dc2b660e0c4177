/** Exchanging the history with a git remote: what it pushes, before it does. */
import * as React from 'react';

import type { Shared } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { useHost } from './host';
import { Button, ProblemBox, Sentence } from './parts';

interface IExchangeProps {
  readonly project: string;
  /** `{name: address}` */
  readonly remotes: Readonly<Record<string, string>>;
  readonly acts: ReadonlyMap<string, Act>;
}

/** The remote that is meant where nobody chose one. */
export function usualRemote(remotes: Readonly<Record<string, string>>): string {
  return 'origin' in remotes ? 'origin' : (Object.keys(remotes)[0] ?? '');
}

/** Not there where there is nobody to exchange with. */
export function Exchange({ project, remotes, acts }: IExchangeProps): React.ReactElement | null {
  const { trans, reviews, verbs, isByPerson } = useHost();
  const [isOpen, open] = React.useState(false);
  const [shared, setShared] = React.useState<Shared | null>(null);
  const place = React.useId();
  const remote = usualRemote(remotes);
  const name = actName.share(project, remote);
  const act = acts.get(name);
  const isBusy = act?.state === 'pending';
  if (!remote) {
    return null;
  }
  const exchange = async (event: React.MouseEvent): Promise<void> => {
    if (isByPerson(event.nativeEvent) && !isBusy) {
      setShared(await reviews.share(project, remote));
    }
  };
  return (
    <div className="jp-Mlcd-exchange">
      <Button small pressed={isOpen} onClick={() => open(!isOpen)}>
        {trans.__('Exchange with %1…', remote)}
      </Button>
      {isOpen && (
        <div className="jp-Mlcd-inset" id={place} role="group" aria-label={trans.__('Exchange')}>
          <p>
            <Sentence
              text={trans.__(
                'Pushes the branch **mlcd/evidence** to %1: evidence, versions, comments, approvals. No tag and none of your branches go along, nothing is forced. What others wrote comes here.',
                `**${remotes[remote] ?? remote}**`
              )}
            />
          </p>
          {act?.state === 'failed' && (
            <ProblemBox problem={act.problem}>
              <Button small onClick={() => verbs.forget(name)}>
                {trans.__('Dismiss')}
              </Button>
            </ProblemBox>
          )}
          <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
            <Button small disabled={isBusy} onClick={event => void exchange(event)}>
              {isBusy ? trans.__('Exchanging…') : trans.__('Exchange now')}
            </Button>
            <span className="jp-Mlcd-secondary" role="status">
              {shared && !isBusy && act?.state !== 'failed' && cameWords(shared, trans)}
            </span>
          </div>
        </div>
      )}
    </div>
  );
}

/** "3 entries of others came". */
export function cameWords(shared: Shared, trans: ReturnType<typeof useHost>['trans']): string {
  return shared.came === 0
    ? trans.__('%1 has all of yours; nothing new came', shared.remote)
    : trans._n('%1 entry of others came', '%1 entries of others came', shared.came);
}

/** Whether what is written goes out at once: only where somebody said so. */
export function ShareConsent(props: {
  remote: string;
  address: string;
  isGiven: boolean;
  turn: (isGiven: boolean) => void;
}): React.ReactElement | null {
  const { trans } = useHost();
  const { remote, address, isGiven, turn } = props;
  if (!remote) {
    return null;
  }
  return (
    <label className="jp-Mlcd-tick">
      <input type="checkbox" checked={isGiven} onChange={event => turn(event.target.checked)} />
      <span title={address}>{trans.__('Exchange with %1 after each word of mine', remote)}</span>
    </label>
  );
}
