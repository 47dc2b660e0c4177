/** What the closed sets of the wire are called on screen: one table for each. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  CaseResult,
  DeliveryState,
  Match,
  Reason,
  Run,
  ScoredLive,
  State,
  StepState,
  Verdict,
  WayOut
} from '../api/types';
import { isGreen, isRed } from '../store/questions';
import { notebookName } from './format';
import { withNames } from './names';

/** The shapes of a mark. */
export type Shape = 'passed' | 'flaky' | 'failed' | 'running' | 'waiting' | 'warning' | 'remark';

/** The shape for a run or a case. */
export function shapeOf(state: State, verdict: Verdict | null): Shape {
  if (state === 'running') {
    return 'running';
  }
  if (verdict === 'passed' || verdict === 'flaky') {
    return verdict;
  }
  return isRed(verdict) ? 'failed' : 'waiting';
}

/** The word for how a run or a case stands. */
export function verdictWord(
  state: State,
  verdict: Verdict | null,
  trans: TranslationBundle
): string {
  if (state !== 'ended' || verdict === null) {
    return state === 'running' ? trans.__('running') : trans.__('waiting');
  }
  const words: Record<Verdict, string> = {
    passed: trans.__('passed'),
    flaky: trans.__('passed on a retry'),
    failed: trans.__('failed'),
    error: trans.__('error'),
    timeout: trans.__('took too long'),
    killed: trans.__('killed'),
    incomplete: trans.__('ended early'),
    cancelled: trans.__('cancelled'),
    'not-run': trans.__('not run'),
    skipped: trans.__('skipped')
  };
  return words[verdict];
}

/** "passed on attempt 2 of 2". */
export function attemptWords(result: CaseResult, trans: TranslationBundle): string {
  const count = result.attempts.length + 1;
  return trans.__('passed on attempt %1 of %2', count, count);
}

/** Why, in the server's words; of what passed on a retry also on which, and why not at first. */
export function reasonWords(result: CaseResult, trans: TranslationBundle): string {
  const [first] = result.attempts;
  return result.verdict === 'flaky' && first
    ? trans.__('%1; at first: %2', attemptWords(result, trans), withNames(first.reason))
    : withNames(result.reason);
}

/** What a run is called that scored a live version. */
export function againWords(scored: ScoredLive, trans: TranslationBundle): string {
  return trans.__('%1 scored again on today’s data', scored.version);
}

/** "only 2 of 6 cases were run: proves nothing about the whole suite"; empty for a whole run. */
export function partialWords(run: Run, all: number | null, trans: TranslationBundle): string {
  if (run.scored) {
    return trans.__(
      '%1 scored again on today’s data: proves nothing about the files that it ran on',
      run.scored.version
    );
  }
  if (!run.partial) {
    return '';
  }
  return all !== null && all > run.cases.length
    ? trans.__(
        'only %1 of %2 cases were run: proves nothing about the whole suite',
        run.cases.length,
        all
      )
    : trans.__('only some of the cases were run: proves nothing about the whole suite');
}

/** Why, Code, Tests, Review, Live: the server's names, in the language of the page. */
export function stepName(name: string, trans: TranslationBundle): string {
  const words = new Map([
    ['Why', trans.__('Why')],
    ['Code', trans.__('Code')],
    ['Tests', trans.__('Tests')],
    ['Review', trans.__('Review')],
    ['Live', trans.__('Live')]
  ]);
  return words.get(name) ?? name;
}

export function stepWord(state: StepState, trans: TranslationBundle): string {
  const words: Record<StepState, string> = {
    done: trans.__('done'),
    current: trans.__('now'),
    blocked: trans.__('blocked'),
    waiting: trans.__('later')
  };
  return words[state];
}

/** What the button beside a reason says; null where there is no button. */
export function wayOutWord(wayOut: WayOut, trans: TranslationBundle): string | null {
  const words: Record<WayOut, string | null> = {
    '': null,
    run: trans.__('Run'),
    'see-run': trans.__('See'),
    commit: trans.__('Commit…'),
    'set-up': trans.__('Set up'),
    open: trans.__('Open'),
    'see-delivery': trans.__('See'),
    'see-history': trans.__('History'),
    deliver: trans.__('Deliver…'),
    'see-review': trans.__('Review'),
    'ask-review': trans.__('Ask for review…'),
    lift: trans.__('Lift…'),
    'score-live': trans.__('Score what is live'),
    'start-ci': null,
    'see-ci': null
  };
  return words[wayOut];
}

/** The shape beside a reason. */
export function reasonShape(reason: Reason): Shape {
  if (reason.busy) {
    return 'running';
  }
  if (reason.code === 'already-live') {
    return 'passed';
  }
  const refusals = ['red', 'not-met', 'not-comparable', 'not-on-branch', 'not-built-by'];
  return refusals.includes(reason.code) ? 'failed' : 'waiting';
}

/** How tested files relate to the ones that are there now. */
export function matchWords(
  match: Match,
  changed: readonly string[],
  trans: TranslationBundle
): string {
  if (match === 'matches') {
    return trans.__('matches your files');
  }
  if (match === 'uncommitted') {
    return trans.__('uncommitted changes');
  }
  const [first] = changed;
  if (first === undefined) {
    return trans.__('older');
  }
  return changed.length === 1
    ? trans.__('older: %1 changed', first)
    : trans.__('older: %1 files changed', changed.length);
}

export function deliveryWord(state: DeliveryState, trans: TranslationBundle): string {
  const words: Record<DeliveryState, string> = {
    requested: trans.__('requested'),
    sending: trans.__('being sent'),
    dispatched: trans.__('sent'),
    refused: trans.__('refused'),
    unknown: trans.__('not known yet'),
    delivered: trans.__('delivered'),
    failed: trans.__('failed'),
    cancelled: trans.__('cancelled')
  };
  return words[state];
}

/** The shape of a delivery that is looked back on. */
export function deliveryShape(state: DeliveryState): Shape {
  const shapes: Record<DeliveryState, Shape> = {
    requested: 'running',
    sending: 'running',
    dispatched: 'running',
    refused: 'failed',
    unknown: 'warning',
    delivered: 'passed',
    failed: 'failed',
    cancelled: 'waiting'
  };
  return shapes[state];
}

/** "after train", from the ids of the cases that a case waits for. */
export function afterWords(
  result: CaseResult,
  cases: readonly CaseResult[],
  trans: TranslationBundle
): string {
  const names = new Set(
    result.after.map(id => notebookName(cases.find(one => one.id === id)?.notebook ?? id))
  );
  return names.size > 0 ? trans.__('after %1', [...names].join(', ')) : '';
}

/** "4 of 6": the cases that have ended, without those that are not executed. */
export function countWords(run: Run, trans: TranslationBundle): string {
  const over = run.state === 'ended';
  const placed = run.scored?.placed ?? {};
  const cases = run.cases.filter(result => !(result.id in placed));
  const count = cases.filter(result =>
    over ? isGreen(result.verdict) : result.state === 'ended'
  ).length;
  return trans.__('%1 of %2', count, cases.length);
}

/** How far a run is, 0 to 1: whole cases, and the cells of those that run. */
export function fraction(run: Run): number {
  const parts = run.cases.map(result => {
    if (result.state === 'ended') {
      return 1;
    }
    return result.total > 0 ? Math.max(0, result.position - 1) / result.total : 0;
  });
  const sum = parts.reduce<number>((total, part) => total + part, 0);
  return parts.length > 0 ? sum / parts.length : 0;
}

/** A reason that names its cell first, in two: "cell 7" and the rest. */
export function cellAndReason(reason: string): readonly [string, string] {
  const [, cell, rest] = /^(cell \d+): (.*)$/s.exec(reason) ?? [];
  return cell !== undefined && rest !== undefined ? [cell, rest] : ['', reason];
}
