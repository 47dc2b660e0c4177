/** "Waiting for you": what needs this person now, each with its way to it. */
import * as React from 'react';

import type { Status, Waiting } from '../api/types';
import type { Act } from '../store/store';
import { age } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';
import { Mark } from './parts';
import { WayOutButton } from './way_out';
import type { Shape } from './words';

interface IWaitingProps {
  readonly status: Status;
  readonly acts: ReadonlyMap<string, Act>;
}

/** Not there while nothing waits. */
export function PanelWaiting({ status, acts }: IWaitingProps): React.ReactElement | null {
  const { trans } = useHost();
  if (status.waiting.length === 0) {
    return null;
  }
  return (
    <section className="jp-Mlcd-section jp-Mlcd-waiting" aria-labelledby="jp-Mlcd-waiting">
      <h3 id="jp-Mlcd-waiting">{trans.__('Waiting for you')}</h3>
      <ul className="jp-Mlcd-reasons">
        {status.waiting.map(one => (
          <Line key={`${one.kind}:${one.text}`} one={one} status={status} acts={acts} />
        ))}
      </ul>
    </section>
  );
}

function Line({ one, status, acts }: IWaitingProps & { one: Waiting }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const shapes: Record<Waiting['kind'], Shape> = {
    unknown: 'warning',
    interrupted: 'warning',
    held: 'failed',
    failed: 'failed',
    review: 'remark',
    'next-rung': 'remark'
  };
  const labels: Record<Waiting['kind'], string> = {
    unknown: trans.__('Attention'),
    interrupted: trans.__('Attention'),
    held: trans.__('Held'),
    failed: trans.__('Failed'),
    review: trans.__('Remark'),
    'next-rung': trans.__('Remark')
  };
  const text = withNames(one.text);
  return (
    <li data-waiting={one.kind}>
      <Mark shape={shapes[one.kind]} label={labels[one.kind]} />
      <span className="jp-Mlcd-grow">
        {text} <span className="jp-Mlcd-number">{age(one.since, now, trans)}</span>
      </span>
      <WayOutButton
        status={status}
        wayOut={one.way_out}
        subject={one.subject}
        about={text}
        acts={acts}
      />
    </li>
  );
}
