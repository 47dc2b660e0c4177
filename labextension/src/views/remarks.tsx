/** What was said about a case or a cell, beside it, and the box for one's own word. */
import * as React from 'react';

import type { ReviewEntry } from '../api/types';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { Button, Tag } from './parts';
import { RemarkBox, draftOfRemark } from './remark_box';
import { type IAbout, type IReviewing, remarksAt, useReviewing } from './reviewing';

interface IRemarksProps {
  readonly about: IAbout;
  /** Position in the notebook, counted from 0; null for the case. */
  readonly cell: number | null;
  /** What the place is called. */
  readonly name: string;
  /** Whether the box was opened by a key. */
  readonly writing: IWriting;
}

export interface IWriting {
  readonly isOpen: boolean;
  readonly isMeant: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** Whether somebody writes about a place; a draft that was not sent opens its box by itself. */
export function useWriting(about: IAbout, cell: number | null): IWriting {
  const { drafts } = useHost();
  const reviewing = useReviewing();
  const [state, set] = React.useState<'shut' | 'open' | 'left'>(() =>
    reviewing?.canWrite && draftAt(reviewing, about.id, cell, drafts.read) ? 'left' : 'shut'
  );
  return {
    isOpen: state !== 'shut',
    isMeant: state === 'open',
    open: () => set('open'),
    close: () => set('shut')
  };
}

function draftAt(
  { project, version }: IReviewing,
  about: string,
  cell: number | null,
  read: (place: string) => string
): string {
  return read(draftOfRemark(project, version, { case: about, cell }));
}

/** Not there where evidence is read outside of a review. */
export function Remarks(props: IRemarksProps): React.ReactElement | null {
  const { trans } = useHost();
  const reviewing = useReviewing();
  if (!reviewing) {
    return null;
  }
  const { about, cell, name, writing } = props;
  const said = remarksAt(reviewing.entries, about, cell);
  return (
    <>
      {said.length > 0 && (
        <ul className="jp-Mlcd-remarkList" aria-label={trans.__('Comments on %1', name)}>
          {said.map(entry => (
            <Remark key={entry.id} entry={entry} isFresh={reviewing.fresh.has(entry.id)} />
          ))}
        </ul>
      )}
      {reviewing.canWrite && writing.isOpen && (
        <RemarkBox
          project={reviewing.project}
          version={reviewing.version}
          about={{ case: about.id, cell }}
          label={trans.__('Comment on %1', name)}
          acts={reviewing.acts}
          shareWith={reviewing.shareWith}
          close={writing.close}
          isMeant={writing.isMeant}
        />
      )}
    </>
  );
}

/** The button that opens the box; the key C does the same. */
export function RemarkButton(props: {
  name: string;
  writing: IWriting;
}): React.ReactElement | null {
  const { trans } = useHost();
  const reviewing = useReviewing();
  if (!reviewing?.canWrite || props.writing.isOpen) {
    return null;
  }
  return (
    <Button small name={trans.__('Comment on %1 (C)', props.name)} onClick={props.writing.open}>
      {trans.__('Comment')}
    </Button>
  );
}

function Remark({ entry, isFresh }: { entry: ReviewEntry; isFresh: boolean }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  return (
    <li data-entry={entry.id} data-taken-back={entry.taken_back !== ''}>
      <span className="jp-Mlcd-secondary">
        <b title={entry.by}>{person(entry.by)}</b> · {moment(entry.at, now, trans)}{' '}
        {isFresh && <Tag tone="warning">{trans.__('new')}</Tag>}
        {entry.taken_back && <Tag>{trans.__('taken back')}</Tag>}
      </span>
      <span className="jp-Mlcd-saidText">{entry.text}</span>
    </li>
  );
}
