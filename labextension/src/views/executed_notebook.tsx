/** An executed notebook as a still page, the verdicts of its cells beside it. */
import * as React from 'react';

import type { CaseResult, CellResult, ProjectReference, Run } from '../api/types';
import { type Remote, known } from '../store/remote';
import { useHost } from './host';
import { withNames } from './names';
import { Button, Mark } from './parts';
import { RemarkButton, Remarks, useWriting } from './remarks';
import { type IReviewing, ReviewContext } from './reviewing';
import { positionsOf } from './still_cells';
import { StillPage } from './still_page';
import { shapeOf, verdictWord } from './words';

export interface IExecutedProps {
  /** What it is, in words. */
  readonly label: string;
  readonly project: ProjectReference;
  readonly page: Remote<string>;
  readonly run: Remote<Run>;
  /** Place of the case in the run. */
  readonly index: number;
  /** Position in the executed notebook to begin at; null for the top. */
  readonly cell: number | null;
  /** The review that its evidence belongs to; null where there is none. */
  readonly reviewing?: IReviewing | null;
}

export function ExecutedNotebook(props: IExecutedProps): React.ReactElement {
  const { label, page, index, project } = props;
  const result = known(props.run)?.cases[index];
  const still = known(page);
  const [chosen, choose] = React.useState(props.cell);
  return (
    <div className="jp-Mlcd jp-Mlcd-executed">
      {result && result.cells.length > 0 && still !== null && (
        <ReviewContext.Provider value={props.reviewing ?? null}>
          <CellVerdicts
            result={result}
            project={project}
            page={still}
            chosen={chosen}
            choose={choose}
          />
        </ReviewContext.Provider>
      )}
      <StillPage label={label} page={page} cell={chosen} />
    </div>
  );
}

function CellVerdicts(props: {
  result: CaseResult;
  project: ProjectReference;
  page: string;
  chosen: number | null;
  choose: (cell: number) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { result, project, page, chosen, choose } = props;
  const positions = React.useMemo(() => positionsOf(page, result.cells), [page, result]);
  return (
    <nav className="jp-Mlcd-verdicts" aria-label={trans.__('Verdicts of the cells')}>
      <ol>
        {result.cells.map((cell, place) => {
          const position = positions[place] ?? cell.index;
          return (
            <CellLine
              key={cell.index}
              cell={cell}
              name={trans.__('cell %1', place + 1)}
              isChosen={chosen === position}
              choose={() => choose(position)}
              about={result}
              project={project}
            />
          );
        })}
      </ol>
    </nav>
  );
}

function CellLine(props: {
  cell: CellResult;
  name: string;
  isChosen: boolean;
  choose: () => void;
  about: CaseResult;
  project: ProjectReference;
}): React.ReactElement {
  const { trans, openFile } = useHost();
  const { cell, name, isChosen, choose, about, project } = props;
  const writing = useWriting(about, cell.index);
  const words = verdictWord('ended', cell.verdict, trans);
  return (
    <li data-cell={cell.index} data-verdict={cell.verdict}>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <button
          type="button"
          className="jp-Mlcd-caseLine"
          aria-current={isChosen ? 'true' : undefined}
          title={withNames(cell.reason)}
          onClick={choose}
        >
          <Mark shape={shapeOf('ended', cell.verdict)} label={words} />
          <span className="jp-Mlcd-grow">
            {name}
            {cell.reason && <span className="jp-Mlcd-caseDetails">{withNames(cell.reason)}</span>}
          </span>
        </button>
        <Button
          small
          name={trans.__('Open the notebook at %1', name)}
          onClick={() => openFile(project, about.notebook, cell.index)}
        >
          {trans.__('Open')}
        </Button>
        <RemarkButton name={name} writing={writing} />
      </div>
      <Remarks about={about} cell={cell.index} name={name} writing={writing} />
    </li>
  );
}
