/** Expected results that are other than in what is replaced: who said they are right, and why. */
import * as React from 'react';

import type { Change, ReferenceChange } from '../api/types';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { caseName } from './names';

export function AcceptedChanges(props: {
  accepted: readonly ReferenceChange[];
}): React.ReactElement | null {
  const { trans } = useHost();
  if (props.accepted.length === 0) {
    return null;
  }
  const title = trans.__('New expected results');
  return (
    <section className="jp-Mlcd-card" aria-label={title}>
      <header>
        <b className="jp-Mlcd-grow">{title}</b>
      </header>
      <ul className="jp-Mlcd-lines jp-Mlcd-card-body">
        {props.accepted.map(one => (
          <Line key={`${caseName(one)} ${one.cell} ${one.change}`} change={one} />
        ))}
      </ul>
    </section>
  );
}

function Line({ change }: { change: ReferenceChange }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const words: Record<Change, string> = {
    added: trans.__('new'),
    modified: trans.__('changed'),
    deleted: trans.__('taken out')
  };
  const what = trans.__('cell %1 of %2', change.cell, caseName(change));
  return (
    <li data-change={change.change}>
      <span className="jp-Mlcd-grow">
        {trans.__('%1, %2', what, words[change.change])}
        {change.why && <q className="jp-Mlcd-why">{change.why}</q>}
      </span>
      <span className="jp-Mlcd-secondary" title={change.by}>
        {change.by && trans.__('%1, %2', person(change.by), moment(change.at, now, trans))}
        {!change.by && change.change !== 'deleted' && trans.__('edited by hand')}
      </span>
    </li>
  );
}
