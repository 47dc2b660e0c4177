/** Before results become the expected ones: which, in which file, and why. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { CaseResult, Run } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { type IAccepting, countDiffering, differingCases } from './accepting';
import { cellName } from './case_card';
import { useHost } from './host';
import { caseName } from './names';
import { ProblemBox, Skeleton } from './parts';

/** Longer lists of files are cut. */
const SHOWN = 6;

interface IFormProps {
  readonly what: IAccepting;
  readonly run: Remote<Run>;
  /** On which it is committed; empty where that is not known. */
  readonly branch: string;
  readonly why: string;
  /** Whether it was tried without a reason. */
  readonly isMissing: boolean;
  readonly act: Act | null;
  readonly onChange: (why: string) => void;
}

export function AcceptForm(props: IFormProps): React.ReactElement {
  const { trans } = useHost();
  const run = known(props.run);
  const problem =
    problemIn(props.run) ?? (props.act?.state === 'failed' ? props.act.problem : null);
  return (
    <div className="jp-Mlcd jp-Mlcd-commit">
      {run ? <Known {...props} known={run} /> : !problem && <Skeleton lines={4} />}
      {problem && <ProblemBox problem={problem} />}
      {props.act?.state === 'pending' && (
        <div role="status" className="jp-Mlcd-secondary">
          {trans.__('Writing and committing…')}
        </div>
      )}
    </div>
  );
}

function Known(props: IFormProps & { known: Run }): React.ReactElement {
  const { trans } = useHost();
  const { known: run, what, branch, why, isMissing } = props;
  const files = [...new Set(differingCases(run, what).map(one => fileWords(one, trans)))];
  return (
    <>
      <p>
        <b>{whatWords(run, what, trans)}</b>
      </p>
      <p>
        {branch
          ? trans.__('Written and committed on %1, and nothing else with it:', branch)
          : trans.__('Written and committed, and nothing else with it:')}
      </p>
      <ul className="jp-Mlcd-acceptedFiles" aria-label={trans.__('Files that are written')}>
        {files.slice(0, SHOWN).map(file => (
          <li key={file} className="jp-Mlcd-code">
            {file}
          </li>
        ))}
        {files.length > SHOWN && (
          <li>{trans._n('and %1 more', 'and %1 more', files.length - SHOWN)}</li>
        )}
      </ul>
      <label className="jp-Mlcd-message">
        {trans.__('Why is this right now?')}
        <textarea
          className="jp-Mlcd-input"
          rows={3}
          required
          aria-invalid={isMissing}
          aria-describedby={isMissing ? MISSING : undefined}
          placeholder={trans.__('For example: one sample was a duplicate and is gone')}
          value={why}
          onChange={event => props.onChange(event.target.value)}
        />
      </label>
      {isMissing && (
        <p id={MISSING} className="jp-Mlcd-missing" role="alert">
          {trans.__('Say why: reviewers read it beside what changed.')}
        </p>
      )}
    </>
  );
}

const MISSING = 'jp-Mlcd-missing';

/** "cell 3 of train.ipynb, seed 2", "4 cells of evaluate.ipynb", "9 cells of 3 cases". */
function whatWords(run: Run, what: IAccepting, trans: TranslationBundle): string {
  const cases = differingCases(run, what);
  const count = countDiffering(run, what);
  const cells = trans._n('%1 cell', '%1 cells', count);
  const [only, ...others] = cases;
  if (!only || others.length > 0) {
    return trans.__('%1 of %2 cases', cells, cases.length);
  }
  const cell = only.cells.find(one => one.index === what.cell);
  return trans.__('%1 of %2', cell ? cellName(only, cell, trans) : cells, caseName(only));
}

/** The file of a case; where there is none yet, where the server puts it. */
function fileWords(result: CaseResult, trans: TranslationBundle): string {
  const folder = result.notebook.split('/').slice(0, -1).concat('expected').join('/');
  return result.reference || trans.__('a new file in %1/', folder);
}
