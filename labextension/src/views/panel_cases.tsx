/** The cases of a run in the panel: verdict, time, and why not. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { CaseResult, Run } from '../api/types';
import { isRed } from '../store/questions';
import { Differences } from './difference_view';
import { duration, memory, notebookName } from './format';
import { useHost } from './host';
import { caseName, variedWords } from './names';
import { Mark, Tag } from './parts';
import {
  afterWords,
  attemptWords,
  cellAndReason,
  reasonWords,
  shapeOf,
  verdictWord
} from './words';

export function Cases({ run, project }: { run: Run; project: string }): React.ReactElement {
  const { trans } = useHost();
  return (
    <ul className="jp-Mlcd-rows jp-Mlcd-mod-inner" aria-label={trans.__('Cases')}>
      {run.cases.map(result => (
        <Case key={result.id} result={result} run={run} project={project} />
      ))}
    </ul>
  );
}

interface ICaseProps {
  readonly result: CaseResult;
  readonly run: Run;
  readonly project: string;
}

function Case(props: ICaseProps): React.ReactElement {
  const { trans } = useHost();
  const { result, run } = props;
  const varied = variedWords(result);
  return (
    <li data-case={result.id} data-state={result.state} data-verdict={result.verdict ?? ''}>
      <div className="jp-Mlcd-row" title={caseName(result)}>
        <Mark
          shape={shapeOf(result.state, result.verdict)}
          label={verdictWord(result.state, result.verdict, trans)}
        />
        <span className={`jp-Mlcd-grow${result.state === 'waiting' ? ' jp-Mlcd-secondary' : ''}`}>
          {notebookName(result.notebook)} {varied && <span className="jp-Mlcd-code">{varied}</span>}
        </span>
        <span className="jp-Mlcd-number">{caseNumber(result, run.cases, trans)}</span>
      </div>
      <CaseReason {...props} />
    </li>
  );
}

/** Why a case is not simply green; a click shows what was expected and what came. */
function CaseReason({ result, run, project }: ICaseProps): React.ReactElement | null {
  const { trans } = useHost();
  const [cell, reason] = cellAndReason(shortWords(result, trans));
  if (result.state !== 'ended' || result.verdict === 'passed' || reason === '') {
    return null;
  }
  const red = result.cells.find(one => isRed(one.verdict));
  const line = (
    <>
      {cell && <Tag tone={isRed(result.verdict) ? 'bad' : undefined}>{cell}</Tag>}
      <span className="jp-Mlcd-grow jp-Mlcd-secondary">{reason}</span>
    </>
  );
  if (!red || red.differences.length === 0) {
    return (
      <div className="jp-Mlcd-row jp-Mlcd-reason" title={reasonWords(result, trans)}>
        {line}
      </div>
    );
  }
  return (
    <details className="jp-Mlcd-reason">
      <summary className="jp-Mlcd-row" title={trans.__('%1: show expected and got', reason)}>
        {line}
      </summary>
      <Differences project={project} run={run.id} differences={red.differences} />
    </details>
  );
}

/** The reason where there is little room; its tooltip and the page of the run say it whole. */
function shortWords(result: CaseResult, trans: TranslationBundle): string {
  const { verdict, peak_memory } = result;
  const reason = reasonWords(result, trans);
  if (verdict === 'flaky') {
    return attemptWords(result, trans);
  }
  return verdict === 'killed' && peak_memory > 0
    ? trans.__('%1 · %2 at its peak', reason, memory(peak_memory))
    : reason;
}

function caseNumber(
  result: CaseResult,
  cases: readonly CaseResult[],
  trans: TranslationBundle
): string {
  switch (result.state) {
    case 'ended':
      return result.verdict === 'not-run' ? '' : duration(result.duration, trans);
    case 'running':
      return result.position > 0
        ? trans.__('cell %1 of %2', result.position, result.total)
        : trans.__('starting');
    case 'waiting':
      return afterWords(result, cases, trans);
  }
}
