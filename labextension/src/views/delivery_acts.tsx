/** What a person can do about a delivery: the server says what is safe, a click of hers does it. */
import * as React from 'react';

import type { FollowAct } from '../api/client';
import type { Delivery } from '../api/types';
import { useHost } from './host';
import { Button } from './parts';

interface IActsProps {
  readonly project: string;
  readonly delivery: Delivery;
  readonly isBusy: boolean;
  readonly close: () => void;
}

export function DeliveryActs(props: IActsProps): React.ReactElement {
  const { trans, verbs, open, isByPerson } = useHost();
  const { project, delivery, isBusy, close } = props;
  const { acts, environment, key, nonce } = delivery;
  const follow =
    (act: FollowAct) =>
    (event: React.MouseEvent): void => {
      if (isByPerson(event.nativeEvent) && nonce !== '') {
        void verbs.follow(project, delivery, act);
      }
    };
  const again = (): void => {
    if (delivery.back_from) {
      open({ kind: 'roll-back', project, environment, version: delivery.version });
    } else {
      verbs.show(project, environment);
    }
  };
  const isDone = delivery.state === 'delivered';
  return (
    <>
      {acts.includes('close') && <CloseIt {...props} />}
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow">
          {acts.includes('roll-back') && (
            <Button onClick={() => open({ kind: 'roll-back', project, environment })}>
              {trans.__('Roll back…')}
            </Button>
          )}
          {acts.includes('cancel') && (
            <Button disabled={isBusy} onClick={follow('cancel')}>
              {trans.__('Give it up')}
            </Button>
          )}
          {acts.includes('stop') && (
            <Button disabled={isBusy} onClick={follow('cancel')}>
              {trans.__('Stop it there')}
            </Button>
          )}
        </span>
        <Button primary={isDone} onClick={close}>
          {trans.__('Close')}
        </Button>
        {acts.includes('look-again') && (
          <Button primary disabled={isBusy} onClick={() => void verbs.lookAgain(project, key)}>
            {trans.__('Look again')}
          </Button>
        )}
        {acts.includes('go-on') && (
          <Button primary disabled={isBusy} onClick={follow('go-on')}>
            {trans.__('Send it now')}
          </Button>
        )}
        {acts.includes('retry') && (
          <Button primary onClick={again}>
            {trans.__('Look and try again…')}
          </Button>
        )}
      </footer>
    </>
  );
}

/** The target knows nothing of it either: a person who knows may say that it did not happen. */
function CloseIt({ project, delivery, isBusy }: IActsProps): React.ReactElement {
  const { trans, verbs, isByPerson } = useHost();
  const [why, setWhy] = React.useState('');
  const [typed, type] = React.useState('');
  const { environment, version } = delivery;
  const canClose = why.trim() !== '' && typed.trim() === version && !isBusy;
  const confirm = (event: React.MouseEvent): void => {
    if (isByPerson(event.nativeEvent) && canClose) {
      void verbs.follow(project, delivery, 'close', why.trim());
    }
  };
  return (
    <details className="jp-Mlcd-details">
      <summary>{trans.__('It did not happen, and I know it')}</summary>
      <p>
        {trans.__(
          '%1 cannot tell what became of it. If you have looked there yourself and it did not happen, close it as failed; then it can be tried again.',
          environment
        )}
      </p>
      <div className="jp-Mlcd-sayWhy">
        <label>
          {trans.__('How you know')}
          <input
            className="jp-Mlcd-input"
            value={why}
            onChange={event => setWhy(event.target.value)}
          />
        </label>
        <label>
          {trans.__('Type the version')}
          <input
            className="jp-Mlcd-input jp-Mlcd-code"
            value={typed}
            placeholder={version}
            autoComplete="off"
            spellCheck={false}
            onChange={event => type(event.target.value)}
          />
        </label>
      </div>
      <Button small disabled={!canClose} onClick={confirm}>
        {trans.__('Close it as failed')}
      </Button>
    </details>
  );
}
