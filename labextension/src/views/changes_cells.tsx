/** The cells of a case, side by side; those that are the same are folded. */
import * as React from 'react';

import type { CaseChanges, CellComparison, OutputComparison } from '../api/types';
import { type ISides, TwoTexts } from './changes_lines';
import { type ICasePlaces, Outputs } from './changes_outputs';
import { type Mode, cellNames, relationWord } from './changes_words';
import { type IWalk, isTypedInto } from './change_walk';
import { useHost } from './host';
import { withNames } from './names';
import { Button, Mark, Tag } from './parts';
import { type IWriting, RemarkButton, Remarks, useWriting } from './remarks';
import { hasRemarks, isLedTo, useReviewing } from './reviewing';
import { shapeOf, verdictWord } from './words';

interface ICellsProps {
  readonly known: CaseChanges;
  readonly walk: IWalk;
  readonly sides: ISides;
  readonly places: ICasePlaces;
  /** Open the cell, by its position in the notebook that was tested. */
  readonly openCell: ((place: number) => void) | null;
}

export function Cells(props: ICellsProps): React.ReactElement {
  const { trans } = useHost();
  const { known, walk } = props;
  const names = React.useMemo(() => cellNames(known.cells, trans), [known, trans]);
  const reviewing = useReviewing();
  const stretches = stretchesOf(known.cells, walk, cell =>
    hasRemarks(reviewing, known.case, cell.place)
  );
  return (
    <div className="jp-Mlcd-cells">
      {stretches.map(({ from, to, isFolded }) =>
        isFolded ? (
          <Folded key={from} count={to - from}>
            <Run {...props} names={names} from={from} to={to} />
          </Folded>
        ) : (
          <Run key={from} {...props} names={names} from={from} to={to} />
        )
      )}
      {known.left_out > 0 && (
        <p className="jp-Mlcd-secondary">
          {trans._n(
            '%1 more cell is in the executed notebook.',
            '%1 more cells are in the executed notebook.',
            known.left_out
          )}
        </p>
      )}
    </div>
  );
}

interface IStretch {
  readonly from: number;
  readonly to: number;
  readonly isFolded: boolean;
}

/** Changes and what was remarked on one by one, and what lies between them. */
function stretchesOf(
  cells: readonly CellComparison[],
  { mode, changes }: IWalk,
  isRemarked: (cell: CellComparison) => boolean
): IStretch[] {
  const shown = new Set(changes);
  const found: { from: number; to: number; isFolded: boolean }[] = [];
  cells.forEach((cell, place) => {
    const isFolded = mode !== 'whole' && !shown.has(place) && !isRemarked(cell);
    const last = found[found.length - 1];
    if (last?.isFolded === isFolded) {
      last.to = place + 1;
    } else {
      found.push({ from: place, to: place + 1, isFolded });
    }
  });
  return found;
}

function Folded(props: { count: number; children: React.ReactNode }): React.ReactElement {
  const { trans } = useHost();
  const [isOpen, open] = React.useState(false);
  return (
    <div className="jp-Mlcd-unchanged">
      <button
        type="button"
        className="jp-Mlcd-link"
        aria-expanded={isOpen}
        onClick={() => open(!isOpen)}
      >
        {trans._n('%1 cell between', '%1 cells between', props.count)}
      </button>
      {isOpen && props.children}
    </div>
  );
}

interface INamed {
  readonly names: readonly string[];
}

function Run(props: ICellsProps & INamed & { from: number; to: number }): React.ReactElement {
  const { known, from, to, walk } = props;
  return (
    <>
      {known.cells.slice(from, to).map((cell, index) => {
        const place = from + index;
        const change = walk.changes.indexOf(place);
        return (
          <Cell
            key={place}
            {...props}
            cell={cell}
            name={props.names[place] ?? ''}
            change={change}
            isStoodAt={change >= 0 && change === walk.at}
          />
        );
      })}
    </>
  );
}

interface ICellProps extends ICellsProps {
  readonly cell: CellComparison;
  readonly name: string;
  /** Which change it is, counted from 0; -1 for none. */
  readonly change: number;
  readonly isStoodAt: boolean;
}

function Cell(props: ICellProps): React.ReactElement {
  const { trans } = useHost();
  const { cell, name, change, walk, isStoodAt, known } = props;
  const reviewing = useReviewing();
  const writing = useWriting(known.case, cell.place);
  const isMeant = cell.place !== null && isLedTo(reviewing, known.case, cell.place);
  const place = useFocusWhen(isStoodAt || isMeant);
  const canRemark = reviewing?.canWrite === true && cell.place !== null;
  const label =
    change >= 0 ? trans.__('Change %1 of %2: %3', change + 1, walk.changes.length, name) : name;
  return (
    <section
      ref={place}
      className="jp-Mlcd-cell"
      tabIndex={change >= 0 || isMeant || canRemark ? -1 : undefined}
      aria-label={label}
      aria-current={isStoodAt ? 'true' : undefined}
      data-relation={cell.relation}
      data-cell={cell.place ?? undefined}
      onKeyDown={event => {
        if (canRemark && event.key === 'c' && !isTypedInto(event)) {
          event.preventDefault();
          event.stopPropagation();
          writing.open();
        }
      }}
    >
      <CellHead {...props} writing={writing} />
      <CellBody {...props} />
      {cell.place !== null && (
        <Remarks about={known.case} cell={cell.place} name={name} writing={writing} />
      )}
    </section>
  );
}

/** Bring it into sight and give it the focus when it becomes the one that is stood at. */
function useFocusWhen(isStoodAt: boolean): React.RefObject<HTMLElement> {
  const place = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    if (isStoodAt) {
      place.current?.scrollIntoView({ block: 'nearest' });
      place.current?.focus({ preventScroll: true });
    }
  }, [isStoodAt]);
  return place;
}

function CellHead(props: ICellProps & { writing: IWriting }): React.ReactElement {
  const { cell, name, openCell, sides, writing } = props;
  const { trans } = useHost();
  const { verdict, place } = cell;
  return (
    <header className="jp-Mlcd-row jp-Mlcd-mod-wrap">
      {verdict && (
        <Mark shape={shapeOf('ended', verdict)} label={verdictWord('ended', verdict, trans)} />
      )}
      <b>{name}</b>
      <span className="jp-Mlcd-grow jp-Mlcd-secondary">{withNames(cell.reason)}</span>
      {sides.before !== null && changedWords(cell, trans).map(word => <Tag key={word}>{word}</Tag>)}
      {place !== null && <RemarkButton name={name} writing={writing} />}
      {openCell && place !== null && (
        <Button
          small
          name={trans.__('Open the notebook at %1', name)}
          onClick={() => openCell(place)}
        >
          {trans.__('Open at this cell')}
        </Button>
      )}
    </header>
  );
}

function changedWords(
  cell: CellComparison,
  trans: ReturnType<typeof useHost>['trans']
): readonly string[] {
  if (cell.relation !== 'changed') {
    return cell.relation === 'same' ? [] : [relationWord(cell.relation, trans)];
  }
  return [
    cell.source_changed && trans.__('source'),
    cell.outputs_changed && trans.__('output')
  ].filter(word => word !== false);
}

function CellBody(props: ICellProps): React.ReactElement {
  const { trans } = useHost();
  const { cell, walk, places, name } = props;
  const { mode } = walk;
  const sides = sidesOf(cell, props.sides);
  const source = trans.__('Source of %1', name);
  const isSourceShown =
    mode !== 'outputs' &&
    (mode !== 'changes' || cell.source_changed || cell.relation !== 'changed');
  return (
    <>
      {isSourceShown ? (
        <TwoTexts lines={cell.lines} sides={sides} label={source} isWhole={mode === 'whole'} />
      ) : (
        <OneSource cell={cell} label={source} />
      )}
      {mode !== 'sources' && cell.outputs.length > 0 && (
        <Outputs
          outputs={cell.outputs}
          isShown={output => isOutputShown(output, cell, mode)}
          places={places}
          sides={sides}
          cell={name}
        />
      )}
    </>
  );
}

/** What is the same on both sides needs to be read once. */
function OneSource({ cell, label }: { cell: CellComparison; label: string }): React.ReactElement {
  const { trans } = useHost();
  const lines = cell.lines.map(line => ({ before: null, after: line.after ?? line.before }));
  const first = lines[0]?.after ?? '';
  return (
    <details className="jp-Mlcd-details jp-Mlcd-mod-source">
      <summary>
        <span className="jp-Mlcd-code">{first}</span>{' '}
        {lines.length > 1 && trans._n('and %1 more line', 'and %1 more lines', lines.length - 1)}
      </summary>
      <TwoTexts lines={lines} sides={{ before: null, after: label }} label={label} isWhole />
    </details>
  );
}

function isOutputShown(output: OutputComparison, cell: CellComparison, mode: Mode): boolean {
  return mode === 'whole' || cell.relation !== 'changed' || output.relation !== 'same';
}

/** A cell that only one side has is shown once, under that side's name. */
function sidesOf(cell: CellComparison, sides: ISides): ISides {
  if (cell.relation === 'new') {
    return { before: null, after: sides.after };
  }
  return cell.relation === 'gone' ? { before: null, after: sides.before ?? sides.after } : sides;
}
