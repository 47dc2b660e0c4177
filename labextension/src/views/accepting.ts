/** Which results a person can say are right: cells that were compared and differ. */
import type { CaseResult, CellResult, Run } from '../api/types';

/** What is accepted: a run, one of its cases, or one cell of that. */
export interface IAccepting {
  /** Id of a case; empty for all of the run. */
  readonly case: string;
  /** Position of a cell in the source notebook, counted from 0; null for all of the case. */
  readonly cell: number | null;
}

/** Whether nothing but a comparison made a cell red. */
export function isDiffering(cell: CellResult): boolean {
  return cell.verdict === 'failed' && cell.compared;
}

/** The cells of a case that differ from what is expected. */
export function differingCells(result: CaseResult): CellResult[] {
  return result.state === 'ended' ? result.cells.filter(isDiffering) : [];
}

/** The cases with such cells that `what` names. */
export function differingCases(run: Run, what: IAccepting): CaseResult[] {
  return run.cases.filter(
    result => (what.case === '' || result.id === what.case) && differingCells(result).length > 0
  );
}

/** How many such cells `what` names. */
export function countDiffering(run: Run, what: IAccepting): number {
  const cells = differingCases(run, what).flatMap(differingCells);
  return what.cell === null ? cells.length : 1;
}
