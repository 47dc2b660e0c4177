/** What a commit takes: the changed files, and a proposed message. */
import * as React from 'react';

import type { Changes, FileChange } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { useHost } from './host';
import { ProblemBox, Skeleton } from './parts';

/** What the person has chosen so far. */
export interface IDraft {
  /** Null until she changes something: then the tracked files and the proposed message count. */
  readonly paths: ReadonlySet<string> | null;
  readonly message: string | null;
}

export const UNTOUCHED: IDraft = { paths: null, message: null };

/** What a commit would take now. */
export function chosen(draft: IDraft, changes: Changes): { paths: string[]; message: string } {
  const isTicked = (file: FileChange): boolean =>
    draft.paths ? draft.paths.has(file.path) : file.tracked;
  return {
    paths: changes.files.filter(isTicked).map(file => file.path),
    message: draft.message ?? changes.message
  };
}

interface IFormProps {
  readonly changes: Remote<Changes>;
  readonly draft: IDraft;
  readonly act: Act | null;
  readonly onChange: (draft: IDraft) => void;
}

export function CommitForm(props: IFormProps): React.ReactElement {
  const { trans } = useHost();
  const changes = known(props.changes);
  const problem =
    problemIn(props.changes) ?? (props.act?.state === 'failed' ? props.act.problem : null);
  return (
    <div className="jp-Mlcd jp-Mlcd-commit">
      {changes ? <Known {...props} known={changes} /> : !problem && <Skeleton lines={4} />}
      {problem && <ProblemBox problem={problem} />}
      {props.act?.state === 'pending' && (
        <div role="status" className="jp-Mlcd-secondary">
          {trans.__('Committing…')}
        </div>
      )}
    </div>
  );
}

function Known({
  known: changes,
  draft,
  onChange
}: IFormProps & { known: Changes }): React.ReactElement {
  const { trans } = useHost();
  const { paths, message } = chosen(draft, changes);
  if (changes.files.length === 0) {
    return <p className="jp-Mlcd-secondary">{trans.__('Everything is committed.')}</p>;
  }
  const tick = (path: string, isTicked: boolean): void => {
    const next = new Set(paths);
    if (isTicked) {
      next.add(path);
    } else {
      next.delete(path);
    }
    onChange({ ...draft, paths: next });
  };
  return (
    <>
      <fieldset className="jp-Mlcd-files">
        <legend>{trans.__('Files')}</legend>
        {changes.files.map(file => (
          <File key={file.path} file={file} isTicked={paths.includes(file.path)} tick={tick} />
        ))}
      </fieldset>
      <label className="jp-Mlcd-message">
        {trans.__('Message')}
        <textarea
          className="jp-Mlcd-input"
          rows={3}
          value={message}
          onChange={event => onChange({ ...draft, message: event.target.value })}
        />
      </label>
    </>
  );
}

function File(props: {
  file: FileChange;
  isTicked: boolean;
  tick: (path: string, isTicked: boolean) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { path, change, tracked } = props.file;
  const words = {
    added: tracked ? trans.__('added') : trans.__('new'),
    modified: trans.__('changed'),
    deleted: trans.__('deleted')
  };
  return (
    <label className="jp-Mlcd-row">
      <input
        type="checkbox"
        checked={props.isTicked}
        onChange={event => props.tick(path, event.target.checked)}
      />
      <span className="jp-Mlcd-grow" title={path}>
        {path}
      </span>
      <span className="jp-Mlcd-number">{words[change]}</span>
    </label>
  );
}
