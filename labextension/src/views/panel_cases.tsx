/** The cases of a run in the panel: verdict, time, and why not. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { CaseResult, ProjectReference, Run } from '../api/types';
import { isRed } from '../store/questions';
import { CaseCells } from './case_cells';
import { Differences } from './difference_view';
import { duration, memory, notebookName } from './format';
import { useHost } from './host';
import { caseName, variedWords } from './names';
import { OnlyRed, Pager, usePages } from './pages_of_rows';
import { Mark, Tag } from './parts';
import {
  afterWords,
  attemptWords,
  cellAndReason,
  reasonWords,
  shapeOf,
  verdictWord
} from './words';

/** Rows of one page. */
const PAGE = 25;

export function Cases(props: { run: Run; project: ProjectReference }): React.ReactElement {
  const { trans } = useHost();
  const { run, project } = props;
  const [isOnlyRed, showOnlyRed] = React.useState(false);
  const red = run.cases.filter(result => isRed(result.verdict));
  const isFiltered = isOnlyRed && red.length > 0;
  const pages = usePages(isFiltered ? red : run.cases, PAGE);
  return (
    <>
      <ul className="jp-Mlcd-rows jp-Mlcd-mod-inner" aria-label={trans.__('Cases')}>
        {pages.shown.map(result => (
          <Case key={result.id} result={result} run={run} project={project} />
        ))}
      </ul>
      {run.cases.length > PAGE && (
        <div className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-mod-inner">
          <Pager pages={pages} name={trans.__('Pages of cases')} />
          {red.length > 0 && <OnlyRed count={red.length} isOn={isFiltered} turn={showOnlyRed} />}
        </div>
      )}
    </>
  );
}

interface ICaseProps {
  readonly result: CaseResult;
  readonly run: Run;
  readonly project: ProjectReference;
}

function Case(props: ICaseProps): React.ReactElement {
  const { trans } = useHost();
  const { result, run } = props;
  const varied = variedWords(result);
  const [isOpen, open] = React.useState(false);
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <li data-case={result.id} data-state={result.state} data-verdict={result.verdict ?? ''}>
      <div className="jp-Mlcd-row" title={caseName(result)}>
        <button
          type="button"
          className="jp-Mlcd-fold"
          aria-expanded={isOpen}
          aria-label={trans.__('Cells of %1', caseName(result))}
          disabled={result.cells.length === 0}
          onClick={() => open(!isOpen)}
        >
          <Caret.react tag="span" />
        </button>
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
      {isOpen && <CaseCells result={result} project={props.project} />}
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
      <Differences project={project.id} run={run.id} differences={red.differences} />
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
