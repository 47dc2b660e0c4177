/** "Where it is live": one line per environment, and how a delivery goes on. */
import * as React from 'react';

import type { EnvironmentStatus, Status } from '../api/types';
import { isOver } from '../store/questions';
import { age, person, score } from './format';
import { useHost, useNow } from './host';
import { scoreWords } from './names';
import { Button, Mark } from './parts';
import { deliveryWord } from './words';

export function PanelLive({ status }: { status: Status }): React.ReactElement {
  const { trans } = useHost();
  const { environments } = status;
  return (
    <section className="jp-Mlcd-section" aria-labelledby="jp-Mlcd-live">
      <h3 id="jp-Mlcd-live">{trans.__('Where it is live')}</h3>
      {environments.length === 0 && (
        <div className="jp-Mlcd-secondary">{trans.__('nowhere yet')}</div>
      )}
      <ul className="jp-Mlcd-rows">
        {environments.map(environment => (
          <Environment key={environment.name} status={status} environment={environment} />
        ))}
      </ul>
    </section>
  );
}

interface IEnvironmentProps {
  readonly status: Status;
  readonly environment: EnvironmentStatus;
}

export function Environment({ status, environment }: IEnvironmentProps): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { name, live, scores, target } = environment;
  const [first] = Object.entries(scores);
  const numbers = [
    first ? trans.__('%1 %2', scoreWords(first[0]), score(first[1])) : '',
    live ? age(live.since, now, trans) : ''
  ];
  const title = live ? trans.__('%1, delivered by %2', target, person(live.by)) : target;
  return (
    <li data-environment={name} data-live={live?.version ?? ''}>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap" title={title}>
        <span>
          <b>{name}</b> {live ? <span className="jp-Mlcd-code">{live.version}</span> : null}
        </span>
        <span className="jp-Mlcd-number jp-Mlcd-mod-end">
          {live ? numbers.filter(Boolean).join(' · ') : trans.__('nothing yet')}
        </span>
      </div>
      <NewestDelivery status={status} environment={environment} />
    </li>
  );
}

/** The newest delivery, while it goes on and when it came to nothing. */
function NewestDelivery({ status, environment }: IEnvironmentProps): React.ReactElement | null {
  const { trans, open } = useHost();
  const { delivery, name } = environment;
  if (!delivery || delivery.state === 'delivered' || delivery.state === 'cancelled') {
    return null;
  }
  const over = isOver(delivery.state);
  const word = deliveryWord(delivery.state, trans);
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-inner" data-delivery={delivery.state}>
      <Mark shape={over ? 'failed' : 'running'} label={word} />
      <span className="jp-Mlcd-grow jp-Mlcd-secondary" title={delivery.reason}>
        {over
          ? trans.__('%1 %2: %3', delivery.version, word, delivery.reason)
          : trans.__('delivering %1: %2', delivery.version, word)}
      </span>
      <Button
        small
        name={trans.__('See the delivery to %1', name)}
        onClick={() =>
          open({
            kind: 'deliver',
            project: status.project.id,
            environment: name,
            delivery: delivery.key
          })
        }
      >
        {trans.__('See')}
      </Button>
    </div>
  );
}
