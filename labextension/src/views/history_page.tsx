/** Every delivery to an environment, newest first, a page at a time. */
import * as React from 'react';

import type { Deliveries, Figures, PastDelivery } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { FiguresCards } from './figures_cards';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { Button, Link, Mark, ProblemBox, Skeleton, Tag } from './parts';
import { deliveryShape, deliveryWord } from './words';

export interface IHistoryPageProps {
  readonly project: string;
  readonly environment: string;
  readonly deliveries: Remote<Deliveries>;
  readonly figures: Remote<Figures>;
  /** Show another page, counted from 0. */
  readonly turn: (page: number) => void;
}

export function HistoryPage(props: IHistoryPageProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const found = known(props.deliveries);
  const problem = problemIn(props.deliveries);
  return (
    <div className="jp-Mlcd jp-Mlcd-page">
      <article aria-label={trans.__('History of %1', props.environment)}>
        <h2>{trans.__('History of %1', props.environment)}</h2>
        {problem && (
          <ProblemBox problem={problem}>
            <Button small onClick={refresh}>
              {trans.__('Try again')}
            </Button>
          </ProblemBox>
        )}
        {!found && !problem && <Skeleton lines={6} />}
        {found && <Known {...props} found={found} />}
      </article>
    </div>
  );
}

function Known(props: IHistoryPageProps & { found: Deliveries }): React.ReactElement {
  const { trans } = useHost();
  const { found, turn } = props;
  if (found.total === 0) {
    return <p className="jp-Mlcd-secondary">{trans.__('Nothing was delivered there yet.')}</p>;
  }
  const live = found.deliveries.find(one => one.is_live)?.delivery.version ?? '';
  return (
    <>
      <FiguresCards figures={props.figures} />
      <div className="jp-Mlcd-facts">{trans._n('%1 delivery', '%1 deliveries', found.total)}</div>
      <div
        className="jp-Mlcd-scroll"
        tabIndex={0}
        role="region"
        aria-label={trans.__('Deliveries')}
      >
        <table className="jp-Mlcd-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('version')}</th>
              <th scope="col">{trans.__('how it ended')}</th>
              <th scope="col">{trans.__('by')}</th>
              <th scope="col">{trans.__('when')}</th>
              <th scope="col">{trans.__('why')}</th>
              <th scope="col">
                <span className="jp-Mlcd-unseen">{trans.__('what can be done')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.deliveries.map(past => (
              <Line key={past.delivery.key} {...props} past={past} live={live} />
            ))}
          </tbody>
        </table>
      </div>
      {found.pages > 1 && (
        <div className="jp-Mlcd-row jp-Mlcd-actions">
          <Button small disabled={found.page === 0} onClick={() => turn(found.page - 1)}>
            {trans.__('Newer')}
          </Button>
          <span className="jp-Mlcd-secondary">
            {trans.__('page %1 of %2', found.page + 1, found.pages)}
          </span>
          <Button
            small
            disabled={found.page + 1 >= found.pages}
            onClick={() => turn(found.page + 1)}
          >
            {trans.__('Older')}
          </Button>
        </div>
      )}
    </>
  );
}

function Line(props: IHistoryPageProps & { past: PastDelivery; live: string }): React.ReactElement {
  const { trans, open } = useHost();
  const now = useNow();
  const { project, environment, past, live } = props;
  const { delivery, is_live, taken_back } = past;
  const { version, state, back_from, key } = delivery;
  const word = deliveryWord(state, trans);
  const canComeBack = state === 'delivered' && !is_live && version !== live;
  return (
    <tr data-delivery={state} data-live={is_live} data-version={version}>
      <td>
        <Link
          name={trans.__('See the delivery of %1', version)}
          onClick={() => open({ kind: 'deliver', project, environment, delivery: key })}
        >
          <span className="jp-Mlcd-code">{version}</span>
        </Link>{' '}
        {is_live && <Tag tone="good">{trans.__('live')}</Tag>}
      </td>
      <td className="jp-Mlcd-words">
        <span className="jp-Mlcd-row">
          <Mark shape={deliveryShape(state)} label={word} />
          <span>
            {back_from ? trans.__('%1, back from %2', word, back_from) : word}
            {state !== 'delivered' && delivery.reason && (
              <span className="jp-Mlcd-secondary">. {delivery.reason}</span>
            )}
            {taken_back && (
              <div className="jp-Mlcd-secondary" data-taken-back="">
                {trans.__(
                  'rolled back to %1, %2 by %3: %4',
                  taken_back.to,
                  moment(taken_back.at, now, trans),
                  person(taken_back.by),
                  taken_back.why
                )}
              </div>
            )}
          </span>
        </span>
      </td>
      <td>{person(delivery.by)}</td>
      <td className="jp-Mlcd-tabular">{moment(delivery.requested, now, trans)}</td>
      <td className="jp-Mlcd-words">
        {[...delivery.issues, delivery.why].filter(Boolean).join(' · ')}
      </td>
      <td className="jp-Mlcd-mod-right">
        {canComeBack && (
          <Button
            small
            name={trans.__('Roll back %1 to %2…', environment, version)}
            onClick={() => open({ kind: 'roll-back', project, environment, version })}
          >
            {trans.__('Roll back to this…')}
          </Button>
        )}
      </td>
    </tr>
  );
}
