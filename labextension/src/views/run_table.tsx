/** The cases of a run: what they varied, what they scored, against what is live. */
import * as React from 'react';

import type { CaseResult, Run } from '../api/types';
import { isRed } from '../store/questions';
import { between, difference, duration, parameter } from './format';
import { useHost } from './host';
import { caseName } from './names';
import { OnlyRed, Pager, usePages } from './pages_of_rows';
import { Link, Mark } from './parts';
import {
  type IMetric,
  type IOrder,
  type Known,
  column,
  metricsOf,
  ordered,
  turned
} from './run_columns';
import { afterWords, reasonWords, shapeOf, verdictWord } from './words';

/** Rows of one page. */
const PAGE = 50;

interface ITableProps {
  readonly run: Run;
  readonly status: Known;
  readonly chosen: string;
  readonly choose: (id: string) => void;
}

export function RunTable({ run, status, chosen, choose }: ITableProps): React.ReactElement {
  const { trans } = useHost();
  const [order, sort] = React.useState<IOrder | null>(null);
  const [isOnlyRed, showOnlyRed] = React.useState(false);
  const red = run.cases.filter(result => isRed(result.verdict));
  const isFiltered = isOnlyRed && red.length > 0;
  const pages = usePages(ordered(isFiltered ? red : run.cases, order), PAGE);
  const varied = [...new Set(run.cases.flatMap(result => result.varied))];
  // What was scored again is what is live: there is nothing to hold it against.
  const against = run.scored ? null : status;
  const metrics = React.useMemo(() => metricsOf(run, against), [run, against]);
  return (
    <div className="jp-Mlcd-scroll">
      <table className="jp-Mlcd-table" aria-label={trans.__('Cases of %1', run.suite)}>
        <Heads varied={varied} metrics={metrics} order={order} sort={sort} />
        <tbody>
          {pages.shown.map(result => (
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
      {run.cases.length > PAGE && (
        <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
          <Pager pages={pages} name={trans.__('Pages of cases')} />
          {red.length > 0 && <OnlyRed count={red.length} isOn={isFiltered} turn={showOnlyRed} />}
        </div>
      )}
    </div>
  );
}

interface IHeadsProps {
  readonly varied: readonly string[];
  readonly metrics: readonly IMetric[];
  readonly order: IOrder | null;
  readonly sort: (order: IOrder | null) => void;
}

function Heads(props: IHeadsProps): React.ReactElement {
  const { trans } = useHost();
  const { varied, metrics } = props;
  return (
    <thead>
      <tr>
        <Head {...props} column={column.verdict}>
          <span className="jp-Mlcd-unseen">{trans.__('verdict')}</span>
        </Head>
        <th scope="col">{trans.__('notebook')}</th>
        {varied.map(name => (
          <Head {...props} key={name} column={column.parameter(name)}>
            {name}
          </Head>
        ))}
        {metrics.map(metric => (
          <React.Fragment key={metric.name}>
            <Head
              {...props}
              column={column.score(metric.name)}
              isRight
              isDownFirst={metric.goal !== 'min'}
            >
              {metric.name}
            </Head>
            {metric.isRuled && (
              <th scope="col" className="jp-Mlcd-mod-right">
                {trans.__('against %1', metric.environment)}
              </th>
            )}
          </React.Fragment>
        ))}
        <th scope="col">{trans.__('reason')}</th>
        <Head {...props} column={column.time} isRight isDownFirst>
          {trans.__('time')}
        </Head>
      </tr>
    </thead>
  );
}

/** A column's head: pressed, it puts the rows in the column's order. */
function Head(
  props: Pick<IHeadsProps, 'order' | 'sort'> & {
    column: string;
    isRight?: boolean;
    /** Whether the first click puts the largest value first. */
    isDownFirst?: boolean;
    children: React.ReactNode;
  }
): React.ReactElement {
  const { trans } = useHost();
  const { order, sort, isRight = false, isDownFirst = false } = props;
  const isOurs = order?.column === props.column;
  const sorted = !isOurs ? 'none' : order.isDown ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={isRight ? 'jp-Mlcd-mod-right' : undefined}
      aria-sort={isOurs ? sorted : undefined}
    >
      <button
        type="button"
        className="jp-Mlcd-link jp-Mlcd-sort"
        data-sort={sorted}
        title={trans.__('Sort by this column')}
        onClick={() => sort(turned(order, props.column, isDownFirst))}
      >
        {props.children}
      </button>
    </th>
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
  const { trans } = useHost();
  const { metric, result } = props;
  const value = result.metrics[metric.name];
  const interval = result.intervals[metric.name];
  const isBest = metric.best === result.id;
  const against = againstLive(metric, value);
  return (
    <>
      <td className="jp-Mlcd-mod-right">
        {isBest && <span className="jp-Mlcd-best">{trans.__('best')} </span>}
        {isBest ? <b>{value?.toFixed(metric.digits)}</b> : value?.toFixed(metric.digits)}
        {interval && (
          <>
            {' '}
            <span className="jp-Mlcd-within">({between(interval, metric.digits)})</span>
          </>
        )}
        {!metric.isRuled && against && (
          <>
            {' '}
            <span className="jp-Mlcd-within" title={trans.__('against %1', metric.environment)}>
              {against}
            </span>
          </>
        )}
      </td>
      {metric.isRuled && <td className="jp-Mlcd-mod-right">{against}</td>}
    </>
  );
}

function againstLive(metric: IMetric, value: number | undefined): string {
  return value === undefined || metric.live === null
    ? ''
    : difference(value - metric.live, Math.max(metric.digits, 3));
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
