/** Says aloud, politely, how a run goes on: once when a case has ended, once when all has. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { CaseResult, Run } from '../api/types';
import { isRed } from '../store/questions';
import { useHost } from './host';
import { caseName, withNames } from './names';
import { countWords, verdictWord } from './words';

/** `{run id: what was said last}`: the panel and the page of a run would say it twice. */
const said = new Map<string, string>();

/** What a screen reader hears of a run. Nothing of it is seen. */
export function RunVoice({ run }: { run: Run | null }): React.ReactElement {
  const { trans } = useHost();
  const [words, say] = React.useState('');
  const before = React.useRef<Run | null>(null);
  const place = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const news = run ? newsOf(before.current, run, trans) : '';
    before.current = run;
    const isShown = place.current?.closest('.lm-mod-hidden') === null;
    if (run && news && isShown && said.get(run.id) !== news) {
      said.set(run.id, news);
      say(news);
    }
  }, [run, trans]);
  return (
    <div ref={place} className="jp-Mlcd-unseen" aria-live="polite" data-voice>
      {words}
    </div>
  );
}

/** What is worth saying between two states of a run; nothing when it is seen for the first time. */
export function newsOf(before: Run | null, run: Run, trans: TranslationBundle): string {
  if (before?.id !== run.id || before.state === 'ended') {
    return '';
  }
  if (run.state === 'ended') {
    const verdict = verdictWord(run.state, run.verdict, trans);
    return trans.__('Run of %1: %2. %3', run.suite, verdict, withNames(run.reason));
  }
  const open = new Set(before.cases.filter(one => one.state !== 'ended').map(one => one.id));
  const ended = run.cases.filter(one => one.state === 'ended' && open.has(one.id));
  const [first, ...others] = ended;
  if (!first) {
    return '';
  }
  const what = others.length > 0 ? severalWords(ended, trans) : oneWord(first, trans);
  return trans.__('%1. %2 cases.', what, countWords(run, trans));
}

function oneWord(result: CaseResult, trans: TranslationBundle): string {
  return trans.__('%1: %2', caseName(result), verdictWord('ended', result.verdict, trans));
}

function severalWords(ended: readonly CaseResult[], trans: TranslationBundle): string {
  const red = ended.filter(one => isRed(one.verdict));
  return red.length > 0
    ? trans.__('%1 more cases ended, %2 did not pass', ended.length, red.length)
    : trans.__('%1 more cases passed', ended.length);
}
