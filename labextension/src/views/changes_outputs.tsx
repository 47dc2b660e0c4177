/** The outputs of a cell on both sides: text, tables, pictures; what is large on demand. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { OutputComparison, OutputSide } from '../api/types';
import { BeforeAfter } from './before_after';
import { type ISides, TwoTexts } from './changes_lines';
import { TwoTables } from './changes_table';
import { relationWord } from './changes_words';
import { fileSize } from './format';
import { useHost } from './host';
import { OutputText } from './output_text';
import type { IOutputPlace } from './output_place';
import { Tag } from './parts';

/** Lines that are drawn of a text whose rest is fetched only when somebody asks for it. */
const BEGINNING = 12;

/** Where the outputs of a case stand: in its run, and in the run that it is compared with. */
export interface ICasePlaces {
  /** Id of the project. */
  readonly project: string;
  readonly before: Pick<IOutputPlace, 'run' | 'case'> | null;
  readonly after: Pick<IOutputPlace, 'run' | 'case'> | null;
}

interface IOutputProps {
  readonly output: OutputComparison;
  readonly places: ICasePlaces;
  readonly sides: ISides;
  /** "cell 5" */
  readonly cell: string;
}

export function Outputs(
  props: Omit<IOutputProps, 'output'> & {
    outputs: readonly OutputComparison[];
    isShown: (output: OutputComparison) => boolean;
  }
): React.ReactElement {
  const { trans } = useHost();
  const shown = props.outputs.filter(props.isShown);
  const left = props.outputs.length - shown.length;
  return (
    <>
      {shown.map((output, index) => (
        <OneOutput key={index} {...props} output={output} />
      ))}
      {left > 0 && (
        <p className="jp-Mlcd-secondary">
          {trans._n('%1 output is the same', '%1 outputs are the same', left)}
        </p>
      )}
    </>
  );
}

function OneOutput(props: IOutputProps): React.ReactElement {
  const { trans } = useHost();
  const { output, sides, cell } = props;
  const word = relationWord(output.relation, trans);
  const words = nameOf(output, trans);
  return (
    <div className="jp-Mlcd-output" data-output={output.name} data-relation={output.relation}>
      <div className="jp-Mlcd-secondary">
        {words} {sides.before !== null && output.relation !== 'same' && <Tag>{word}</Tag>}
      </div>
      <Content {...props} label={trans.__('%1 of %2', words, cell)} />
    </div>
  );
}

function Content(props: IOutputProps & { label: string }): React.ReactElement {
  const { output, places, sides, label } = props;
  const before = placeOf(output.before, places.before);
  const after = placeOf(output.after, places.after);
  switch (output.kind) {
    case 'picture':
      return (
        <BeforeAfter
          project={places.project}
          name={label}
          before={before}
          after={after}
          sides={sides}
          isSame={output.relation === 'same'}
        />
      );
    case 'table':
      return (
        <>
          <TwoTables rows={output.rows} sides={sides} label={label} />
          <Rest {...props} before={before} after={after} />
        </>
      );
    case 'text':
      return (
        <>
          {output.lines.length > 0 && (
            <TwoTexts
              lines={output.lines}
              sides={sides}
              label={label}
              isWhole={false}
              first={isWhole(output) ? undefined : BEGINNING}
            />
          )}
          <Rest {...props} before={before} after={after} />
        </>
      );
  }
}

/** What is too large to be in the comparison: its size, and all of it when asked for. */
function Rest(
  props: IOutputProps & { label: string; before: IOutputPlace | null; after: IOutputPlace | null }
): React.ReactElement | null {
  const { trans } = useHost();
  const { output, sides, places, label } = props;
  if (isWhole(output)) {
    return null;
  }
  const { before, after } = props;
  return (
    <div className="jp-Mlcd-rest">
      <p className="jp-Mlcd-secondary">{trans.__('Only its beginning is shown here.')}</p>
      <div className={before && after ? 'jp-Mlcd-sides' : ''}>
        {before && output.before && (
          <OutputText
            project={places.project}
            place={before}
            name={`${label}, ${sides.before ?? sides.after}`}
            size={fileSize(output.before.size)}
          />
        )}
        {after && output.after && (
          <OutputText
            project={places.project}
            place={after}
            name={`${label}, ${sides.after}`}
            size={fileSize(output.after.size)}
          />
        )}
      </div>
    </div>
  );
}

function placeOf(
  side: OutputSide | null,
  place: Pick<IOutputPlace, 'run' | 'case'> | null
): IOutputPlace | null {
  return side && place && { ...place, cell: side.cell, output: side.output };
}

function isWhole(output: OutputComparison): boolean {
  return (output.after ?? output.before)?.whole ?? true;
}

/** What it is called: streams by their own names, the rest by how it is shown. */
function nameOf({ kind, name }: OutputComparison, trans: TranslationBundle): string {
  if (kind === 'text') {
    return name === 'text/plain' ? trans.__('result') : name.replace(/^text\//, '');
  }
  return kind === 'table' ? trans.__('table') : trans.__('picture');
}
