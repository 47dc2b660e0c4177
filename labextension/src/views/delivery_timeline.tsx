/** How a delivery goes on, moment by moment, until it is over. */
import * as React from 'react';

import type { Delivery, Moment } from '../api/types';
import { isOver } from '../store/questions';
import { type Remote, known, problemIn } from '../store/remote';
import type { IDeliverPageProps } from './deliver_page';
import { moment, person, shortDigest } from './format';
import { useHost, useNow } from './host';
import { Button, Identifier, Mark, ProblemBox, Sentence, Skeleton } from './parts';
import { WhatThisDid } from './what_this_did';
import { type Shape, deliveryWord } from './words';

export function DeliveryTimeline(
  props: IDeliverPageProps & { delivery: Remote<Delivery> }
): React.ReactElement {
  const { trans, verbs } = useHost();
  const delivery = known(props.delivery);
  const problem = problemIn(props.delivery);
  if (!delivery) {
    return problem ? <ProblemBox problem={problem} /> : <Skeleton lines={4} />;
  }
  const over = isOver(delivery.state);
  const name = known(props.status)?.project.name ?? '';
  const { version, environment } = delivery;
  return (
    <div data-delivery={delivery.state} data-key={delivery.key}>
      <header>
        <h2>
          {delivery.state === 'delivered'
            ? trans.__('%1 %2 is live in %3', name, version, environment)
            : trans.__('Delivery of %1 %2 to %3', name, version, environment)}
        </h2>
        <div className="jp-Mlcd-secondary" role="status">
          <Sentence text={words(delivery, trans)} />
        </div>
      </header>
      {problem && <ProblemBox problem={problem} />}
      <ol className="jp-Mlcd-timeline" aria-label={trans.__('How it went')}>
        {delivery.moments.map((one, index) => (
          <Point
            key={`${one.state}:${one.at}`}
            moment={one}
            isLast={index === delivery.moments.length - 1}
          />
        ))}
      </ol>
      <Afterwards delivery={delivery} project={props.project} />
      <footer className="jp-Mlcd-row">
        <span className="jp-Mlcd-grow" />
        {over && delivery.state !== 'delivered' && (
          <Button onClick={() => verbs.show(props.project, props.environment)}>
            {trans.__('Back to Deliver')}
          </Button>
        )}
        <Button primary={delivery.state === 'delivered'} onClick={props.close}>
          {trans.__('Close')}
        </Button>
      </footer>
    </div>
  );
}

type Trans = ReturnType<typeof useHost>['trans'];

function words(delivery: Delivery, trans: Trans): string {
  switch (delivery.state) {
    case 'delivered':
      return trans.__('Done. You can close this page.');
    case 'refused':
      return trans.__('The target refused it; nothing was changed there. %1', delivery.reason);
    case 'failed':
      return trans.__('It failed. %1', delivery.reason);
    case 'cancelled':
      return trans.__('It was cancelled. %1', delivery.reason);
    case 'unknown':
      return trans.__('It cannot be told yet whether the target acted; it is being asked.');
    default:
      return trans.__('Under way. It goes on without this page.');
  }
}

function Point(props: { moment: Moment; isLast: boolean }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { state, at, by, reason } = props.moment;
  const word = deliveryWord(state, trans);
  return (
    <li data-state={state}>
      <Mark shape={shape(state, props.isLast)} label={word} />
      <span className="jp-Mlcd-grow">
        <b>{word}</b> {reason && <span className="jp-Mlcd-secondary">{reason}</span>}
      </span>
      <span className="jp-Mlcd-number">
        {trans.__('%1 · %2', moment(at, now, trans), person(by))}
      </span>
    </li>
  );
}

function shape(state: Moment['state'], isLast: boolean): Shape {
  if (state === 'refused' || state === 'failed') {
    return 'failed';
  }
  if (state === 'unknown' || state === 'cancelled') {
    return isLast ? 'warning' : 'waiting';
  }
  return isLast && state !== 'delivered' ? 'running' : 'passed';
}

function Afterwards(props: { delivery: Delivery; project: string }): React.ReactElement {
  const { trans } = useHost();
  const { delivery, project } = props;
  const done = { what: 'deliveries', id: delivery.key } as const;
  return (
    <>
      {delivery.steps.length > 0 && (
        <details className="jp-Mlcd-details">
          <summary>{trans.__('What this did')}</summary>
          <ol className="jp-Mlcd-steps">
            {delivery.steps.map(step => (
              <li key={step}>
                <Sentence text={step} />
              </li>
            ))}
          </ol>
          <WhatThisDid project={project} done={done} title={trans.__('The same as commands')} />
        </details>
      )}
      <details className="jp-Mlcd-details">
        <summary>{trans.__('Fingerprint')}</summary>
        <Identifier text={delivery.digest} short={shortDigest(delivery.digest)} />
      </details>
    </>
  );
}
