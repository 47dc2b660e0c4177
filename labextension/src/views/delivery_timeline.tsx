/** How a delivery goes on, moment by moment, until it is over, and what can be done where it stopped. */
import * as React from 'react';

import type { Delivery, Moment } from '../api/types';
import { actName } from '../store/acts';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import type { IDeliverPageProps } from './deliver_page';
import { DeliveryActs } from './delivery_acts';
import { moment, person, shortDigest } from './format';
import { useHost, useNow } from './host';
import { Button, Identifier, Mark, ProblemBox, Sentence, Skeleton } from './parts';
import { WhatThisDid } from './what_this_did';
import { type Shape, deliveryShape, deliveryWord } from './words';

export function DeliveryTimeline(
  props: IDeliverPageProps & { delivery: Remote<Delivery> }
): React.ReactElement {
  const { trans, verbs } = useHost();
  const delivery = known(props.delivery);
  const problem = problemIn(props.delivery);
  if (!delivery) {
    return problem ? (
      <ProblemBox problem={problem}>
        <Button small onClick={() => verbs.show(props.project, props.environment)}>
          {trans.__('Back to Deliver')}
        </Button>
      </ProblemBox>
    ) : (
      <Skeleton lines={4} />
    );
  }
  const act = props.acts.get(actName.follow(props.project, delivery.key)) ?? null;
  return (
    <div data-delivery={delivery.state} data-key={delivery.key}>
      <header>
        <h2>{title(delivery, known(props.status)?.project.name ?? '', trans)}</h2>
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
            isAtWork={delivery.at_work}
          />
        ))}
      </ol>
      <There ticket={delivery.ticket} />
      <Said delivery={delivery} />
      <WorkItems delivery={delivery} />
      <Afterwards delivery={delivery} project={props.project} />
      {delivery.refused && !delivery.at_work && act?.state !== 'failed' && (
        <ProblemBox problem={delivery.refused} />
      )}
      <FailedAct act={act} name={actName.follow(props.project, delivery.key)} />
      {props.foot ?? (
        <DeliveryActs
          project={props.project}
          delivery={delivery}
          isBusy={act?.state === 'pending'}
          close={props.close}
        />
      )}
    </div>
  );
}

type Trans = ReturnType<typeof useHost>['trans'];

function title(delivery: Delivery, name: string, trans: Trans): string {
  const { version, environment, state, back_from } = delivery;
  if (state === 'delivered') {
    return back_from
      ? trans.__('%1 is back at %2 in %3', name, version, environment)
      : trans.__('%1 %2 is live in %3', name, version, environment);
  }
  return back_from
    ? trans.__('Roll back of %1 in %2 from %3 to %4', name, environment, back_from, version)
    : trans.__('Delivery of %1 %2 to %3', name, version, environment);
}

function words(delivery: Delivery, trans: Trans): string {
  const { environment, reason } = delivery;
  switch (delivery.state) {
    case 'delivered':
      return trans.__('Done. You can close this page.');
    case 'refused':
      return trans.__('%1 refused it; nothing was changed there. %2', environment, reason);
    case 'failed':
      return trans.__('It failed. %1', reason);
    case 'cancelled':
      if (delivery.moments.some(one => one.state === 'dispatched')) {
        return trans.__('It was stopped on its way. Look there what it had done. %1', reason);
      }
      return trans.__('It was cancelled; nothing was changed in %1. %2', environment, reason);
    case 'unknown':
      return trans.__(
        'It cannot be told whether %1 has it. Nothing is sent again before that is known. %2',
        environment,
        reason
      );
    case 'requested':
      return delivery.acts.includes('go-on')
        ? trans.__('It was confirmed and stopped before anything was sent. Nothing was changed.')
        : trans.__('Under way. It goes on without this page.');
    case 'sending':
      return delivery.acts.includes('close')
        ? trans.__(
            'It was about to be sent, and %1 knows nothing of it. It is not sent again by itself.',
            environment
          )
        : trans.__('Under way. It goes on without this page.');
    case 'dispatched':
      return trans.__('Under way. It goes on without this page.');
  }
}

function Point(props: { moment: Moment; isLast: boolean; isAtWork: boolean }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { state, at, by, reason } = props.moment;
  const word = deliveryWord(state, trans);
  return (
    <li data-state={state}>
      <Mark shape={shape(state, props.isLast, props.isAtWork)} label={word} />
      <span className="jp-Mlcd-grow">
        <b>{word}</b> {reason && <span className="jp-Mlcd-secondary">{reason}</span>}
      </span>
      <span className="jp-Mlcd-number">
        {trans.__('%1 · %2', moment(at, now, trans), person(by))}
      </span>
    </li>
  );
}

/** What came before the last moment is done; a last one that is not over goes on or waits. */
function shape(state: Moment['state'], isLast: boolean, isAtWork: boolean): Shape {
  if (!isLast) {
    return state === 'unknown' ? 'waiting' : 'passed';
  }
  if (state === 'requested' || state === 'sending') {
    return isAtWork ? 'running' : 'waiting';
  }
  return state === 'cancelled' ? 'warning' : deliveryShape(state);
}

/** What the CD system says of it, in its own words, and where to read more. */
function There({ ticket }: { ticket: Delivery['ticket'] }): React.ReactElement | null {
  const { trans } = useHost();
  const { state = '', url = '' } = ticket;
  const waits = ticket['waits-for'] ?? '';
  const link = /^https?:\/\//.test(url) ? url : '';
  if (!state && !waits && !link) {
    return null;
  }
  return (
    <div className="jp-Mlcd-said">
      <b>{trans.__('There')}</b> {state && <span className="jp-Mlcd-code">{state}</span>}{' '}
      {waits && trans.__('waits for %1', waits)}{' '}
      {link && (
        <a href={link} target="_blank" rel="noopener noreferrer">
          {trans.__('Open its log')}
        </a>
      )}
    </div>
  );
}

/** Why, in the words of who confirmed it, and for which work items. */
function Said({ delivery }: { delivery: Delivery }): React.ReactElement | null {
  const { trans } = useHost();
  const { why, issues } = delivery;
  if (!why && issues.length === 0) {
    return null;
  }
  return (
    <div className="jp-Mlcd-said">
      <b>{trans.__('Why')}</b> {why} <span className="jp-Mlcd-code">{issues.join(' ')}</span>
    </div>
  );
}

/** Which work items were told of it, and why others were not. */
function WorkItems({ delivery }: { delivery: Delivery }): React.ReactElement {
  const { trans } = useHost();
  return (
    <>
      {delivery.told.map(({ where, url, problem }) => (
        <div className="jp-Mlcd-said" key={where} data-told={where}>
          {problem
            ? trans.__('Work item %1 could not be told: %2', where, problem)
            : trans.__('Work item %1 was told that it is live.', where)}{' '}
          {/^https?:\/\//.test(url) && (
            <a href={url} target="_blank" rel="noopener noreferrer">
              {trans.__('Open it')}
            </a>
          )}
        </div>
      ))}
    </>
  );
}

function FailedAct(props: { act: Act | null; name: string }): React.ReactElement | null {
  const { trans, verbs } = useHost();
  const { act, name } = props;
  return act?.state === 'failed' ? (
    <ProblemBox problem={act.problem}>
      <Button small onClick={() => verbs.forget(name)}>
        {trans.__('Dismiss')}
      </Button>
    </ProblemBox>
  ) : null;
}

function Afterwards(props: { delivery: Delivery; project: string }): React.ReactElement {
  const { trans } = useHost();
  const { delivery, project } = props;
  const done = { what: 'deliveries', id: delivery.key } as const;
  const isDone = delivery.state === 'delivered' || delivery.state === 'dispatched';
  return (
    <>
      {delivery.steps.length > 0 && (
        <details className="jp-Mlcd-details">
          <summary>{isDone ? trans.__('What this did') : trans.__('What this does')}</summary>
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
