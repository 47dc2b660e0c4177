/** The cases of a run in the panel: verdict, time, and why not. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { CaseResult, Run } from '../api/types';
import { duration, notebookName } from './format';
import { useHost } from './host';
import { Mark, Tag } from './parts';
import { afterWords, cellAndReason, isRed, shapeOf, variedWords, verdictWord } from './words';

export function Cases({ run }: { run: Run }): React.ReactElement {
  const { trans } = useHost();
  return (
    <ul className="jp-Mlcd-rows jp-Mlcd-mod-inner" aria-label={trans.__('Cases')}>
      {run.cases.map(result => (
        <Case key={result.id} result={result} cases={run.cases} />
      ))}
    </ul>
  );
}

function Case(props: { result: CaseResult; cases: readonly CaseResult[] }): React.ReactElement {
  const { trans } = useHost();
  const { result } = props;
  const varied = variedWords(result);
  const [cell, reason] = cellAndReason(result.reason);
  const hasReason = result.state === 'ended' && result.verdict !== 'passed' && reason !== '';
  return (
    <li data-case={result.id} data-state={result.state} data-verdict={result.verdict ?? ''}>
      <div className="jp-Mlcd-row" title={result.id}>
        <Mark
          shape={shapeOf(result.state, result.verdict)}
          label={verdictWord(result.state, result.verdict, trans)}
        />
        <span className={`jp-Mlcd-grow${result.state === 'waiting' ? ' jp-Mlcd-secondary' : ''}`}>
          {notebookName(result.notebook)} {varied && <span className="jp-Mlcd-code">{varied}</span>}
        </span>
        <span className="jp-Mlcd-number">{caseNumber(props, trans)}</span>
      </div>
      {hasReason && (
        <div className="jp-Mlcd-row jp-Mlcd-reason" title={reason}>
          {cell && <Tag tone={isRed(result.verdict) ? 'bad' : undefined}>{cell}</Tag>}
          <span className="jp-Mlcd-grow jp-Mlcd-secondary">{reason}</span>
        </div>
      )}
    </li>
  );
}

function caseNumber(
  { result, cases }: { result: CaseResult; cases: readonly CaseResult[] },
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
