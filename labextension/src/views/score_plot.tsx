/** The history of one score: a small picture, and the same as a table. */
import * as React from 'react';

import type { ScorePoint } from '../api/types';
import { between, decimals, moment, person, score, scoreWithin } from './format';
import { useHost, useNow } from './host';
import { scoreWords } from './names';
import { Link, Tag } from './parts';
import { type IPlot, type ISize, plotOf } from './score_points';

const SIZE: ISize = { width: 520, height: 170, left: 44, bottom: 22, margin: 12 };
/** Half the width of the ends of a whisker. */
const CAP = 3;

export interface IScorePlotProps {
  readonly project: string;
  /** Key of the score on the wire. */
  readonly name: string;
  readonly points: readonly ScorePoint[];
  /** The run whose evidence is shown. */
  readonly run: string;
  /** Version that is live; empty where none is. */
  readonly live: string;
}

export function ScorePlot(props: IScorePlotProps): React.ReactElement {
  const { trans } = useHost();
  const { name, points } = props;
  const words = scoreWords(name);
  return (
    <figure className="jp-Mlcd-plot" aria-label={trans.__('History of %1', words)}>
      <figcaption>
        <b>{words}</b>{' '}
        <span className="jp-Mlcd-secondary">
          {trans._n('%1 kept run', 'last %1 kept runs', points.length)}
        </span>
      </figcaption>
      <div
        className="jp-Mlcd-plotScroll"
        tabIndex={0}
        role="group"
        aria-label={trans.__('Picture of the history of %1', words)}
      >
        <Drawing {...props} />
      </div>
      <details className="jp-Mlcd-details">
        <summary>{trans.__('As a table')}</summary>
        <PointTable {...props} />
      </details>
    </figure>
  );
}

function Drawing(props: IScorePlotProps): React.ReactElement {
  const { trans } = useHost();
  const { name, points, run } = props;
  const id = React.useId();
  const plot = React.useMemo(() => plotOf(points, SIZE), [points]);
  const first = points[0];
  const last = points[points.length - 1];
  const here = points.find(point => point.run === run);
  return (
    <svg
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      role="img"
      aria-labelledby={`${id}t`}
      aria-describedby={`${id}d`}
    >
      <title id={`${id}t`}>{trans.__('%1 over the kept runs', scoreWords(name))}</title>
      <desc id={`${id}d`}>
        {trans.__(
          'From %1 to %2; this run scored %3. The table below has every value.',
          first ? score(first.value) : '',
          last ? score(last.value) : '',
          here ? score(here.value) : trans.__('nothing')
        )}
      </desc>
      <Grid plot={plot} />
      <LiveLine {...props} plot={plot} />
      <polyline
        className="jp-Mlcd-plotLine"
        points={plot.points.map(({ x, y }) => `${x},${y}`).join(' ')}
      />
      {points.map((point, place) => (
        <Point key={point.run} {...props} point={point} place={place} plot={plot} />
      ))}
    </svg>
  );
}

function Grid({ plot }: { plot: IPlot }): React.ReactElement {
  const digits = decimals(plot.ticks.map(({ value }) => value));
  return (
    <g aria-hidden="true">
      {plot.ticks.map(({ y, value }) => (
        <g key={value}>
          <line className="jp-Mlcd-plotGrid" x1={SIZE.left} x2={SIZE.width} y1={y} y2={y} />
          <text x={SIZE.left - 6} y={y} textAnchor="end" dominantBaseline="middle">
            {value.toFixed(digits)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** What has to be beaten: the score of what is live, across the picture. */
function LiveLine(props: IScorePlotProps & { plot: IPlot }): React.ReactElement | null {
  const live = props.points.find(point => isLive(point, props.live));
  if (!live) {
    return null;
  }
  const y = props.plot.y(live.value);
  return <line className="jp-Mlcd-plotLive" x1={SIZE.left} x2={SIZE.width} y1={y} y2={y} />;
}

function isLive(point: ScorePoint, live: string): boolean {
  return live !== '' && point.versions.includes(live);
}

function Point(
  props: IScorePlotProps & { point: ScorePoint; place: number; plot: IPlot }
): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { point, place, plot, run, live, points } = props;
  const { x, y } = plot.points[place] ?? { x: 0, y: 0 };
  const isHere = point.run === run;
  const kind = isHere ? 'here' : isLive(point, live) ? 'live' : 'other';
  const [version] = point.versions;
  // Where there are many, only the first, the last, this one and the live one are named.
  const isNamed =
    points.length <= 8 || place === 0 || place === points.length - 1 || kind !== 'other';
  const words = isHere ? (version ?? trans.__('this run')) : (version ?? '');
  const title = [
    version,
    scoreWithin(point.value, intervalOf(point)),
    moment(point.at, now, trans),
    person(point.by)
  ];
  return (
    <g className={`jp-Mlcd-point jp-Mlcd-mod-${kind}`} data-point={kind}>
      <title>{title.filter(Boolean).join(' · ')}</title>
      <Whisker point={point} x={x} plot={plot} />
      <circle cx={x} cy={y} r={kind === 'other' ? 3.5 : 5} />
      {isNamed && words && (
        <text x={x} y={SIZE.height - 5} textAnchor={anchor(place, points.length)}>
          {kind === 'live' ? trans.__('%1, live', words) : words}
        </text>
      )}
    </g>
  );
}

/** Names at the ends stay inside the picture. */
function anchor(place: number, count: number): 'start' | 'middle' | 'end' {
  if (count === 1) {
    return 'middle';
  }
  return place === 0 ? 'start' : place === count - 1 ? 'end' : 'middle';
}

function Whisker(props: { point: ScorePoint; x: number; plot: IPlot }): React.ReactElement | null {
  const { point, x, plot } = props;
  if (point.low === null || point.high === null || point.low === point.high) {
    return null;
  }
  const [top, bottom] = [plot.y(point.high), plot.y(point.low)];
  const d = `M${x - CAP} ${top}H${x + CAP}M${x} ${top}V${bottom}M${x - CAP} ${bottom}H${x + CAP}`;
  return <path className="jp-Mlcd-whisker" d={d} />;
}

function intervalOf({ low, high }: ScorePoint): readonly number[] | undefined {
  return low === null || high === null ? undefined : [low, high];
}

function PointTable(props: IScorePlotProps): React.ReactElement {
  const { trans, open } = useHost();
  const now = useNow();
  const { name, points, run, live, project } = props;
  return (
    <table
      className="jp-Mlcd-table jp-Mlcd-mod-narrow"
      aria-label={trans.__('History of %1', scoreWords(name))}
    >
      <thead>
        <tr>
          <th scope="col">{trans.__('when')}</th>
          <th scope="col">{trans.__('by')}</th>
          <th scope="col" className="jp-Mlcd-mod-right">
            {trans.__('score')}
          </th>
          <th scope="col" className="jp-Mlcd-mod-right">
            {trans.__('from-to')}
          </th>
          <th scope="col">{trans.__('version')}</th>
        </tr>
      </thead>
      <tbody>
        {[...points].reverse().map(point => (
          <tr key={point.run}>
            <td>
              {point.run === run ? (
                <b>{trans.__('%1, this run', moment(point.at, now, trans))}</b>
              ) : (
                <Link onClick={() => open({ kind: 'evidence', project, run: point.run })}>
                  {moment(point.at, now, trans)}
                </Link>
              )}
            </td>
            <td>{person(point.by)}</td>
            <td className="jp-Mlcd-mod-right">{score(point.value)}</td>
            <td className="jp-Mlcd-mod-right">{between(intervalOf(point) ?? [])}</td>
            <td>
              {point.versions.map(version => (
                <Tag key={version} tone={version === live ? 'good' : undefined}>
                  {version === live ? trans.__('%1, live', version) : version}
                </Tag>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
