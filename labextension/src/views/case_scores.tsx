/** The scores of a case, each with how sure it is, and below it those of slices of the data. */
import * as React from 'react';

import type { CaseResult } from '../api/types';
import { scoreWithin } from './format';
import { useHost } from './host';
import { scoreName } from './names';

interface ILine {
  /** The key on the wire. */
  readonly key: string;
  readonly slice: string;
}

/** A score and its slices. */
export interface IScoreGroup {
  readonly name: string;
  /** Of all data first, if that was recorded; then slices in the order of the notebook. */
  readonly lines: readonly ILine[];
}

/** Scores with their slices below them, in the order in which their names were recorded first. */
export function scoreGroups(keys: readonly string[]): IScoreGroup[] {
  const groups = new Map<string, ILine[]>();
  for (const key of keys) {
    const { name, slice } = scoreName(key);
    const lines = groups.get(name) ?? [];
    groups.set(name, slice ? [...lines, { key, slice }] : [{ key, slice }, ...lines]);
  }
  return [...groups].map(([name, lines]) => ({ name, lines }));
}

export function CaseScores({ result }: { result: CaseResult }): React.ReactElement | null {
  const { trans } = useHost();
  const groups = scoreGroups(Object.keys(result.metrics));
  if (groups.length === 0) {
    return null;
  }
  return (
    <section aria-label={trans.__('Scores')}>
      <h3>{trans.__('Scores')}</h3>
      <dl className="jp-Mlcd-pairs">
        {groups.map(group => (
          <Group key={group.name} group={group} result={result} />
        ))}
      </dl>
    </section>
  );
}

function Group(props: { group: IScoreGroup; result: CaseResult }): React.ReactElement {
  const { group, result } = props;
  const [first] = group.lines;
  const { intervals, metrics } = result;
  return (
    <>
      {first?.slice !== '' && (
        <>
          <dt>{group.name}</dt>
          <dd />
        </>
      )}
      {group.lines.map(({ key, slice }) => (
        <React.Fragment key={key}>
          <dt className={slice ? 'jp-Mlcd-slice' : ''}>{slice || group.name}</dt>
          <dd className="jp-Mlcd-tabular">{scoreWithin(metrics[key] ?? NaN, intervals[key])}</dd>
        </React.Fragment>
      ))}
    </>
  );
}
