/** The cells of a case with their verdicts: each leads to its cell in the notebook. */
import * as React from 'react';

import type { CaseResult, CellResult, ProjectReference } from '../api/types';
import { isRed } from '../store/questions';
import { duration } from './format';
import { useHost } from './host';
import { withNames } from './names';
import { Pager, usePages } from './pages_of_rows';
import { Button, Link, Mark } from './parts';
import { shapeOf, verdictWord } from './words';

/** So many cells are shown without being asked for. */
const FEW = 12;
const PAGE = 30;

interface ICellsProps {
  readonly result: CaseResult;
  /** Null until it is known: then files cannot be opened yet. */
  readonly project: ProjectReference | null;
}

interface INumbered {
  readonly cell: CellResult;
  /** Counted from 1 among the code cells, as reasons count them. */
  readonly number: number;
}

export function CaseCells(props: ICellsProps): React.ReactElement {
  const { trans } = useHost();
  const { result } = props;
  const all = result.cells.map((cell, index) => ({ cell, number: index + 1 }));
  const red = all.filter(({ cell }) => isRed(cell.verdict));
  const isLong = all.length > FEW;
  const [isWhole, showWhole] = React.useState(false);
  const pages = usePages(isLong && !isWhole ? red : all, PAGE);
  return (
    <div className="jp-Mlcd-cells">
      <ol className="jp-Mlcd-rows" aria-label={trans.__('Cells')}>
        {pages.shown.map(one => (
          <Cell key={one.cell.index} {...props} {...one} />
        ))}
      </ol>
      <Pager pages={pages} name={trans.__('Pages of cells')} />
      {isLong && (
        <Button small onClick={() => showWhole(!isWhole)}>
          {isWhole ? trans.__('Only the red cells') : trans.__('All %1 cells', all.length)}
        </Button>
      )}
    </div>
  );
}

function Cell({ cell, number, result, project }: ICellsProps & INumbered): React.ReactElement {
  const { trans, openFile } = useHost();
  const name = trans.__('cell %1', number);
  const word = verdictWord('ended', cell.verdict, trans);
  return (
    <li className="jp-Mlcd-row" data-cell={cell.index} data-verdict={cell.verdict}>
      <Mark shape={shapeOf('ended', cell.verdict)} label={word} />
      {project ? (
        <Link
          name={trans.__('Open %1 of %2', name, result.notebook)}
          onClick={() => openFile(project, result.notebook, cell.index)}
        >
          {name}
        </Link>
      ) : (
        <span>{name}</span>
      )}
      <span className="jp-Mlcd-grow jp-Mlcd-secondary" title={withNames(cell.reason)}>
        {withNames(cell.reason) || (cell.compared ? trans.__('as expected') : '')}
      </span>
      <span className="jp-Mlcd-number">
        {cell.duration > 0 ? duration(cell.duration, trans) : ''}
      </span>
    </li>
  );
}
