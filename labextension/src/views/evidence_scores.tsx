/** What evidence scored, against what is live. */
import * as React from 'react';

import type { Score, Status } from '../api/types';
import { scoreGroups } from './case_scores';
import { difference, moment, score } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';

export function Scores(props: {
  scores: Record<string, Score>;
  status: Status | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const groups = scoreGroups(Object.keys(props.scores));
  if (groups.length === 0) {
    return null;
  }
  const live = [...(props.status?.environments ?? [])].reverse().find(one => one.live !== null);
  return (
    <section>
      <h3>{trans.__('Scores')}</h3>
      <table className="jp-Mlcd-table jp-Mlcd-mod-narrow" aria-label={trans.__('Scores')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('score')}</th>
            <th scope="col" className="jp-Mlcd-mod-right">
              {trans.__('here')}
            </th>
            {live?.live && (
              <th
                scope="col"
                className="jp-Mlcd-mod-right"
                title={trans.__('live since %1', moment(live.live.since, now, trans))}
              >
                {trans.__('against %1 in %2', live.live.version, live.name)}
              </th>
            )}
            <th scope="col">{trans.__('recorded by')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.flatMap(({ name, lines }) =>
            lines.map(({ key, slice }) => (
              <ScoreRow
                key={key}
                name={name}
                slice={slice}
                isBelow={slice !== '' && lines[0]?.slice === ''}
                values={props.scores[key]?.values ?? {}}
                notebook={props.scores[key]?.notebook ?? ''}
                live={live?.scores[key]}
                compared={!!live}
              />
            ))
          )}
        </tbody>
      </table>
    </section>
  );
}

function ScoreRow(props: {
  name: string;
  slice: string;
  /** Whether the score of all data stands above. */
  isBelow: boolean;
  values: Record<string, number>;
  notebook: string;
  live: number | undefined;
  compared: boolean;
}): React.ReactElement {
  const { trans } = useHost();
  const { slice, isBelow } = props;
  const values = Object.values(props.values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const name = [props.name, slice].filter(Boolean).join(', ');
  const title = Object.entries(props.values)
    .map(([one, value]) => `${withNames(one)}: ${score(value)}`)
    .join('\n');
  return (
    <tr>
      <td className={isBelow ? 'jp-Mlcd-slice' : ''}>
        {isBelow ? slice : values.length > 1 ? trans.__('mean %1', name) : name}
      </td>
      <td className="jp-Mlcd-mod-right" title={title}>
        {score(mean)}
      </td>
      {props.compared && (
        <td className="jp-Mlcd-mod-right">
          {props.live === undefined ? '' : difference(mean - props.live)}
        </td>
      )}
      <td className="jp-Mlcd-secondary">{props.notebook}</td>
    </tr>
  );
}
