/** What evidence scored, against what is live. */
import * as React from 'react';

import type { Score, Status } from '../api/types';
import { difference, moment, score } from './format';
import { useHost, useNow } from './host';

export function Scores(props: {
  scores: Record<string, Score>;
  status: Status | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const names = Object.entries(props.scores);
  if (names.length === 0) {
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
          {names.map(([name, one]) => (
            <ScoreRow
              key={name}
              name={name}
              score={one}
              live={live?.scores[name]}
              compared={!!live}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ScoreRow(props: {
  name: string;
  score: Score;
  live: number | undefined;
  compared: boolean;
}): React.ReactElement {
  const { trans } = useHost();
  const values = Object.values(props.score.values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const title = Object.entries(props.score.values)
    .map(([name, value]) => `${name}: ${score(value)}`)
    .join('\n');
  return (
    <tr>
      <td>{values.length > 1 ? trans.__('mean %1', props.name) : props.name}</td>
      <td className="jp-Mlcd-mod-right" title={title}>
        {score(mean)}
      </td>
      {props.compared && (
        <td className="jp-Mlcd-mod-right">
          {props.live === undefined ? '' : difference(mean - props.live)}
        </td>
      )}
      <td className="jp-Mlcd-secondary">{props.score.notebook}</td>
    </tr>
  );
}
