/** How delivery to an environment goes: DORA's four keys, each a card with a bar for every week. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Figures, FiguresWeek, Spread } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { about } from './format';
import { useHost } from './host';
import { ProblemBox, Skeleton } from './parts';

/** Weeks that are drawn and listed at most. */
const WEEKS = 26;
const SIZE = { width: 168, height: 40, gap: 2 };

interface IFigure {
  /** Name of the field of a week. */
  readonly name: 'deliveries' | 'lead' | 'bad' | 'restore' | 'waiting';
  readonly title: string;
  readonly value: string;
  /** What stands small below the value. */
  readonly more: string;
  /** How the value of one week is written. */
  readonly write: (value: number) => string;
}

export function FiguresCards(props: { figures: Remote<Figures> }): React.ReactElement {
  const { trans } = useHost();
  const found = known(props.figures);
  const problem = problemIn(props.figures);
  return (
    <section aria-label={trans.__('How delivery goes')}>
      {problem && <ProblemBox problem={problem} />}
      {!found && !problem && <Skeleton lines={3} />}
      {found && <Known found={found} />}
    </section>
  );
}

function Known({ found }: { found: Figures }): React.ReactElement {
  const { trans } = useHost();
  const weeks = found.weeks.slice(-WEEKS);
  const figures = figuresOf(found, trans);
  const count = trans._n('%1 delivery', '%1 deliveries', found.deliveries);
  return (
    <>
      <div className="jp-Mlcd-facts">
        {trans._n('In %1 week: %2', 'In %1 weeks: %2', found.weeks.length, count)}
        {!found.enough && `, ${trans.__('too few to say')}`}
        {found.never_arrived > 0 &&
          `, ${trans._n('%1 more never arrived', '%1 more never arrived', found.never_arrived)}`}
      </div>
      <div className="jp-Mlcd-measures">
        {figures.map(figure => (
          <Card key={figure.name} figure={figure} weeks={weeks} isEnough={found.enough} />
        ))}
      </div>
      <details className="jp-Mlcd-details">
        <summary>{trans.__('Week by week')}</summary>
        <WeekTable figures={figures} weeks={weeks} />
      </details>
    </>
  );
}

/** The four keys, and the wait for approvals where there was any. */
function figuresOf(found: Figures, trans: TranslationBundle): IFigure[] {
  const time = (value: number): string => about(value, trans);
  const whole = (value: number): string => String(value);
  const ninety = (spread: Spread): string =>
    spread.high === null ? '' : trans.__('90 % within %1', time(spread.high));
  const middle = (spread: Spread): string =>
    spread.median === null ? trans.__('none') : time(spread.median);
  const rate = Math.round((found.failure_rate ?? 0) * 100);
  return [
    {
      name: 'deliveries',
      title: trans.__('Deliveries a week'),
      value: String(Number(found.a_week.toPrecision(2))),
      more: '',
      write: whole
    },
    {
      name: 'lead',
      title: trans.__('From first commit to live'),
      value: middle(found.lead),
      more: ninety(found.lead),
      write: time
    },
    {
      name: 'bad',
      title: trans.__('Failed once live'),
      value: trans.__('%1 %', rate),
      more: trans.__('%1 of %2', found.bad, found.deliveries),
      write: whole
    },
    {
      name: 'restore',
      title: trans.__('Time to restore'),
      value: middle(found.restore),
      more: ninety(found.restore),
      write: time
    },
    ...(found.waiting.count > 0
      ? [
          {
            name: 'waiting' as const,
            title: trans.__('Waiting for approval'),
            value: middle(found.waiting),
            more: ninety(found.waiting),
            write: time
          }
        ]
      : [])
  ];
}

function Card(props: {
  figure: IFigure;
  weeks: readonly FiguresWeek[];
  isEnough: boolean;
}): React.ReactElement {
  const { trans } = useHost();
  const { figure, weeks, isEnough } = props;
  return (
    <figure className="jp-Mlcd-measure" data-figure={figure.name} aria-label={figure.title}>
      <figcaption>{figure.title}</figcaption>
      {isEnough ? (
        <>
          <b>{figure.value}</b>
          <span className="jp-Mlcd-secondary">{figure.more}</span>
        </>
      ) : (
        <span className="jp-Mlcd-secondary">{trans.__('too few to say')}</span>
      )}
      <Bars figure={figure} weeks={weeks} />
    </figure>
  );
}

/** A bar for each week; a week without a value has a short line at the bottom. */
function Bars(props: { figure: IFigure; weeks: readonly FiguresWeek[] }): React.ReactElement {
  const { trans } = useHost();
  const { figure, weeks } = props;
  const values = weeks.map(week => week[figure.name] ?? 0);
  const most = Math.max(...values, 0);
  const step = SIZE.width / Math.max(1, weeks.length);
  return (
    <svg
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      role="img"
      aria-label={
        most > 0
          ? trans.__('%1 by week, at most %2', figure.title, figure.write(most))
          : trans.__('%1 by week: none', figure.title)
      }
    >
      {weeks.map((week, place) => {
        const value = values[place] ?? 0;
        const height = most > 0 && value > 0 ? Math.max(3, (value / most) * SIZE.height) : 1;
        return (
          <rect
            key={week.begins}
            className={value > 0 ? undefined : 'jp-Mlcd-mod-none'}
            x={place * step}
            y={SIZE.height - height}
            width={Math.max(1, step - SIZE.gap)}
            height={height}
          >
            <title>{`${week.begins}: ${value > 0 ? figure.write(value) : trans.__('none')}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function WeekTable(props: {
  figures: readonly IFigure[];
  weeks: readonly FiguresWeek[];
}): React.ReactElement {
  const { trans } = useHost();
  const { figures, weeks } = props;
  return (
    <div
      className="jp-Mlcd-scroll"
      tabIndex={0}
      role="region"
      aria-label={trans.__('Figures by week')}
    >
      <table className="jp-Mlcd-table jp-Mlcd-mod-narrow">
        <thead>
          <tr>
            <th scope="col">{trans.__('week from (UTC)')}</th>
            {figures.map(figure => (
              <th key={figure.name} scope="col" className="jp-Mlcd-mod-right">
                {figure.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...weeks].reverse().map(week => (
            <tr key={week.begins}>
              <td>{week.begins}</td>
              {figures.map(({ name, write }) => {
                const value = week[name];
                return (
                  <td key={name} className="jp-Mlcd-mod-right">
                    {value === null ? '' : write(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
