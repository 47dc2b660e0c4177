/** What a case came to: its red cells with expected and got, then everything else about it. */
import * as React from 'react';

import type { RunRequest } from '../api/client';
import type { CaseResult, CellResult, ProjectReference, Run } from '../api/types';
import { isRed } from '../store/questions';
import { differingCells, isDiffering } from './accepting';
import { CaseCells } from './case_cells';
import { CaseDetails } from './case_details';
import { Differences } from './difference_view';
import { useHost } from './host';
import { caseName, caseTitle, withNames } from './names';
import { Button, Mark } from './parts';
import { cellAndReason, shapeOf, verdictWord } from './words';

/** More red cells than this are named but not shown. */
const SHOWN = 5;

export interface ICardProps {
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
    <section aria-label={trans.__('Result of %1', caseName(props.result))}>
      {red.slice(0, SHOWN).map(cell => (
        <RedCard key={cell.index} {...props} cell={cell} />
      ))}
      {red.length > SHOWN && (
        <p className="jp-Mlcd-secondary">
          {trans._n('%1 more cell is red.', '%1 more cells are red.', red.length - SHOWN)}
        </p>
      )}
      <CaseCard {...props} />
    </section>
  );
}

function RedCard(props: ICardProps & { cell: CellResult }): React.ReactElement {
  const host = useHost();
  const { trans } = host;
  const { cell, result, project, id, run } = props;
  const title = [caseTitle(result), cellName(result, cell, trans)].join(' · ');
  return (
    <div className="jp-Mlcd-card" data-cell={cell.index}>
      <header>
        <Mark
          shape={shapeOf('ended', cell.verdict)}
          label={verdictWord('ended', cell.verdict, trans)}
        />
        <b className="jp-Mlcd-grow">{title}</b>
        {project && (
          <Button onClick={() => host.openFile(project, result.notebook, cell.index)}>
            {trans.__('Open at this cell')}
          </Button>
        )}
        {isDiffering(cell) && (
          <AcceptButton project={id} run={run.id} case={result.id} cell={cell.index}>
            {trans.__('This is the new expected result…')}
          </AcceptButton>
        )}
      </header>
      <div className="jp-Mlcd-card-body">
        <Differences project={id} run={run.id} differences={cell.differences} />
        {cell.reason && <p>{withNames(cell.reason)}</p>}
      </div>
    </div>
  );
}

/** All else: how it went, what it recorded and made. */
function CaseCard(props: ICardProps): React.ReactElement {
  const host = useHost();
  const { trans } = host;
  const { result, project, id, run } = props;
  const index = run.cases.indexOf(result);
  const title = caseTitle(result);
  return (
    <div className="jp-Mlcd-card" data-card={result.id}>
      <header>
        <Mark
          shape={shapeOf(result.state, result.verdict)}
          label={verdictWord(result.state, result.verdict, trans)}
        />
        <b className="jp-Mlcd-grow">{title}</b>
        {project && (
          <Button onClick={() => host.openFile(project, result.notebook)}>
            {trans.__('Open notebook')}
          </Button>
        )}
        {run.state === 'ended' && run.cases.length > 1 && (
          <Button onClick={() => void host.verbs.run(id, oneCase(result))}>
            {trans.__('Run this case again')}
          </Button>
        )}
        {hasRun(result) && (
          <Button
            onClick={() =>
              host.open({ kind: 'notebook', project: id, run: run.id, index, title: title })
            }
          >
            {trans.__('Executed notebook')}
          </Button>
        )}
        {differingCells(result).length > 1 && (
          <AcceptButton project={id} run={run.id} case={result.id} cell={null}>
            {trans.__('These are the new expected results…')}
          </AcceptButton>
        )}
      </header>
      <CaseDetails {...props} index={index} />
      {result.cells.length > 0 && (
        <details className="jp-Mlcd-details jp-Mlcd-card-body">
          <summary>{trans.__('Cells')}</summary>
          <CaseCells result={result} project={project} />
        </details>
      )}
    </div>
  );
}

/** What runs a case alone, with what it waits for, on the files as they are now. */
function oneCase({ notebook, parameters }: CaseResult): RunRequest {
  return Object.keys(parameters).length > 0 ? { notebook, parameters } : { notebook };
}

function hasRun(result: CaseResult): boolean {
  return result.state === 'ended' && result.verdict !== 'not-run' && result.verdict !== 'skipped';
}

/** Asks for a reason, then makes results the expected ones. */
export function AcceptButton(props: {
  project: string;
  run: string;
  case: string;
  cell: number | null;
  children: React.ReactNode;
}): React.ReactElement {
  const { open } = useHost();
  const { project, run, cell, children } = props;
  const accept = (): void => open({ kind: 'accept', project, run, case: props.case, cell });
  return <Button onClick={accept}>{children}</Button>;
}

/** The number that the reason speaks of: code cells counted from 1. */
export function cellName(
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
