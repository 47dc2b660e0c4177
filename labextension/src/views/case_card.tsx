/** What a case came to, cell by cell: expected and got side by side, what differs marked. */
import * as React from 'react';

import type { CaseResult, CellResult, Difference, ProjectReference, Run } from '../api/types';
import { differingSpans, type ISpan } from './differing';
import { notebookName, score, shortDigest } from './format';
import { useHost } from './host';
import { Button, Identifier, Mark } from './parts';
import { cellAndReason, isRed, shapeOf, variedWords, verdictWord } from './words';

/** More red cells than this are named but not shown. */
const SHOWN = 5;

interface ICardProps {
  readonly run: Run;
  readonly result: CaseResult;
  /** Null until the status is known: then files cannot be opened yet. */
  readonly project: ProjectReference | null;
  readonly id: string;
}

export function CaseCards(props: ICardProps): React.ReactElement {
  const { trans } = useHost();
  const red = props.result.cells.filter(cell => isRed(cell.verdict));
  return (
    <section aria-label={trans.__('Result of %1', props.result.id)}>
      {red.length === 0 && <CalmCard {...props} />}
      {red.slice(0, SHOWN).map(cell => (
        <RedCard key={cell.index} {...props} cell={cell} />
      ))}
      {red.length > SHOWN && (
        <p className="jp-Mlcd-secondary">
          {trans.__('%1 more cells are red.', red.length - SHOWN)}
        </p>
      )}
    </section>
  );
}

/** A case with no red cell: what it recorded and made, or why it did not run. */
function CalmCard(props: ICardProps): React.ReactElement {
  const { trans } = useHost();
  const { result } = props;
  const metrics = Object.entries(result.metrics);
  const products = Object.entries(result.products);
  return (
    <div className="jp-Mlcd-card">
      <CardHead {...props} cell={null} />
      <div className="jp-Mlcd-card-body">
        {result.reason && <p>{result.reason}</p>}
        {metrics.length + products.length > 0 && (
          <dl className="jp-Mlcd-pairs">
            {metrics.map(([name, value]) => (
              <React.Fragment key={name}>
                <dt>{name}</dt>
                <dd>{score(value)}</dd>
              </React.Fragment>
            ))}
            {products.map(([name, file]) => (
              <React.Fragment key={name}>
                <dt>{result.candidate ? trans.__('%1, to be delivered', name) : name}</dt>
                <dd>
                  <Identifier text={file.sha256} short={shortDigest(file.sha256)} />
                </dd>
              </React.Fragment>
            ))}
          </dl>
        )}
      </div>
    </div>
  );
}

function RedCard(props: ICardProps & { cell: CellResult }): React.ReactElement {
  const { cell } = props;
  return (
    <div className="jp-Mlcd-card" data-cell={cell.index}>
      <CardHead {...props} />
      <div className="jp-Mlcd-card-body">
        {cell.differences.map(one => (
          <SideBySide key={one.field} difference={one} />
        ))}
        <p className="jp-Mlcd-secondary">{cell.reason}</p>
      </div>
    </div>
  );
}

function CardHead(props: ICardProps & { cell: CellResult | null }): React.ReactElement {
  const host = useHost();
  const { trans } = host;
  const { run, result, cell, project, id } = props;
  const title = [
    notebookName(result.notebook),
    variedWords(result),
    cell && cellName(result, cell, trans)
  ];
  const words = title.filter(Boolean).join(' · ');
  const index = run.cases.indexOf(result);
  return (
    <header>
      <Mark
        shape={shapeOf(result.state, result.verdict)}
        label={verdictWord(result.state, result.verdict, trans)}
      />
      <b className="jp-Mlcd-grow">{words}</b>
      {project && (
        <Button onClick={() => host.openFile(project, result.notebook, cell?.index)}>
          {cell ? trans.__('Open at this cell') : trans.__('Open notebook')}
        </Button>
      )}
      {result.state === 'ended' && result.verdict !== 'not-run' && (
        <Button
          onClick={() =>
            host.open({ kind: 'notebook', project: id, run: run.id, index, title: words })
          }
        >
          {trans.__('Executed notebook')}
        </Button>
      )}
    </header>
  );
}

/** The number that the reason speaks of: code cells counted from 1. */
function cellName(
  result: CaseResult,
  cell: CellResult,
  trans: ReturnType<typeof useHost>['trans']
): string {
  const red = result.cells.filter(one => isRed(one.verdict));
  const [named] = cellAndReason(result.reason);
  if (named && red[0] === cell) {
    return named;
  }
  return trans.__('cell %1', result.cells.indexOf(cell) + 1);
}

function SideBySide({ difference }: { difference: Difference }): React.ReactElement {
  const { trans } = useHost();
  const [expected, got] = React.useMemo(
    () => differingSpans(difference.expected, difference.got),
    [difference.expected, difference.got]
  );
  return (
    <div className="jp-Mlcd-two" data-field={difference.field}>
      <Side title={trans.__('expected · %1', difference.field)} spans={expected} />
      <Side title={trans.__('got · %1', difference.field)} spans={got} />
    </div>
  );
}

function Side({ title, spans }: { title: string; spans: readonly ISpan[] }): React.ReactElement {
  const { trans } = useHost();
  return (
    <figure>
      <figcaption className="jp-Mlcd-secondary">{title}</figcaption>
      <pre className="jp-Mlcd-block" tabIndex={0} aria-label={title}>
        {spans.length === 0 && <i>{trans.__('nothing')}</i>}
        {spans.map((span, index) =>
          span.changed ? <mark key={index}>{span.text}</mark> : span.text
        )}
      </pre>
    </figure>
  );
}
