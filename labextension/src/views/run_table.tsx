/** The cases of a run: what they varied, what they scored, against what is live. */
import * as React from 'react';

import type { CaseResult, EnvironmentStatus, Run } from '../api/types';
import { isRed } from '../store/questions';
import { between, decimals, difference, duration, parameter } from './format';
import { useHost } from './host';
import { caseName, scoreName } from './names';
import { Link, Mark } from './parts';
import { afterWords, reasonWords, shapeOf, verdictWord } from './words';

interface ITableProps {
  readonly run: Run;
  readonly environments: readonly EnvironmentStatus[];
  readonly chosen: string;
  readonly choose: (id: string) => void;
}

/** A metric, and what the last environment of the ladder that is live scored. */
interface IMetric {
  readonly name: string;
  readonly environment: string;
  readonly live: number | null;
  /** Decimals of its column. */
  readonly digits: number;
}

export function RunTable(props: ITableProps): React.ReactElement {
  const { trans } = useHost();
  const { run, chosen, choose } = props;
  const varied = [...new Set(run.cases.flatMap(result => result.varied))];
  const metrics = metricsOf(run, props.environments);
  return (
    <div className="jp-Mlcd-scroll">
      <table className="jp-Mlcd-table" aria-label={trans.__('Cases of %1', run.suite)}>
        <thead>
          <tr>
            <th scope="col">
              <span className="jp-Mlcd-unseen">{trans.__('verdict')}</span>
            </th>
            <th scope="col">{trans.__('notebook')}</th>
            {varied.map(name => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
            {metrics.map(metric => (
              <MetricHeads key={metric.name} metric={metric} />
            ))}
            <th scope="col">{trans.__('reason')}</th>
            <th scope="col" className="jp-Mlcd-mod-right">
              {trans.__('time')}
            </th>
          </tr>
        </thead>
        <tbody>
          {run.cases.map(result => (
            <Row
              key={result.id}
              result={result}
              cases={run.cases}
              varied={varied}
              metrics={metrics}
              isChosen={result.id === chosen}
              choose={choose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function metricsOf(run: Run, environments: readonly EnvironmentStatus[]): IMetric[] {
  // Scores of slices of the data stand with their case: a column for each would hide the others.
  const recorded = new Set(run.cases.flatMap(result => Object.keys(result.metrics)));
  const names = [...recorded].filter(name => scoreName(name).slice === '');
  // The server names the score that rules look at first; beside the others a column says little.
  const live = [...environments].reverse().find(({ scores }) => Object.keys(scores).length > 0);
  const ruled = Object.keys(live?.scores ?? {})[0];
  return names.map(name => {
    const against = name === ruled ? live : undefined;
    const values = run.cases.flatMap(({ metrics, intervals }) => [
      ...(metrics[name] === undefined ? [] : [metrics[name]]),
      ...(intervals[name] ?? [])
    ]);
    return {
      name,
      digits: decimals(values),
      environment: against?.name ?? '',
      live: against?.scores[name] ?? null
    };
  });
}

function MetricHeads({ metric }: { metric: IMetric }): React.ReactElement {
  const { trans } = useHost();
  return (
    <>
      <th scope="col" className="jp-Mlcd-mod-right">
        {metric.name}
      </th>
      {metric.live !== null && (
        <th scope="col" className="jp-Mlcd-mod-right">
          {trans.__('against %1', metric.environment)}
        </th>
      )}
    </>
  );
}

interface IRowProps {
  readonly result: CaseResult;
  readonly cases: readonly CaseResult[];
  readonly varied: readonly string[];
  readonly metrics: readonly IMetric[];
  readonly isChosen: boolean;
  readonly choose: (id: string) => void;
}

function Row(props: IRowProps): React.ReactElement {
  const { trans } = useHost();
  const { result, varied, metrics, isChosen, choose } = props;
  const red = isRed(result.verdict);
  const kinds = [isChosen && 'jp-Mlcd-mod-chosen', red && 'jp-Mlcd-mod-red'];
  return (
    <tr
      className={kinds.filter(Boolean).join(' ')}
      aria-selected={isChosen}
      data-case={result.id}
      data-state={result.state}
      data-verdict={result.verdict ?? ''}
      onClick={() => choose(result.id)}
    >
      <td>
        <Mark
          shape={shapeOf(result.state, result.verdict)}
          label={verdictWord(result.state, result.verdict, trans)}
        />
      </td>
      <td>
        <Link name={trans.__('Show %1', caseName(result))} onClick={() => choose(result.id)}>
          {result.notebook}
        </Link>
      </td>
      {varied.map(name => (
        <td key={name} className="jp-Mlcd-code">
          {result.varied.includes(name) ? parameter(result.parameters[name]) : ''}
        </td>
      ))}
      {metrics.map(metric => (
        <MetricCells key={metric.name} metric={metric} result={result} />
      ))}
      <td className={red ? 'jp-Mlcd-words' : 'jp-Mlcd-words jp-Mlcd-secondary'}>
        {rowWords(props, trans)}
      </td>
      <td className="jp-Mlcd-mod-right">{timeWords(result, trans)}</td>
    </tr>
  );
}

function MetricCells(props: { metric: IMetric; result: CaseResult }): React.ReactElement {
  const { metric, result } = props;
  const value = result.metrics[metric.name];
  const interval = result.intervals[metric.name];
  return (
    <>
      <td className="jp-Mlcd-mod-right">
        {value?.toFixed(metric.digits)}
        {interval && (
          <>
            {' '}
            <span className="jp-Mlcd-within">({between(interval, metric.digits)})</span>
          </>
        )}
      </td>
      {metric.live !== null && (
        <td className="jp-Mlcd-mod-right">
          {value === undefined ? '' : difference(value - metric.live, Math.max(metric.digits, 3))}
        </td>
      )}
    </>
  );
}

type Trans = ReturnType<typeof useHost>['trans'];

function rowWords({ result, cases }: IRowProps, trans: Trans): string {
  if (result.state !== 'waiting') {
    return reasonWords(result, trans);
  }
  return afterWords(result, cases, trans) || trans.__('waits for its turn');
}

function timeWords(result: CaseResult, trans: Trans): string {
  if (result.state === 'running') {
    return result.position > 0
      ? trans.__('cell %1 of %2', result.position, result.total)
      : trans.__('starting');
  }
  return result.state === 'ended' && result.verdict !== 'not-run'
    ? duration(result.duration, trans)
    : '';
}
