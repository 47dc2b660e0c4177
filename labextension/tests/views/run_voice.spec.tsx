import { act, render } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { CaseResult, Run } from '../../src/api/types';
import { HostContext } from '../../src/views/host';
import { RunVoice, newsOf } from '../../src/views/run_voice';
import { place, trans } from '../place';
import { aCase, aGoingRun, aRedCase, aRun } from '../samples';

const GOING = aGoingRun();

/** The going run with some of its cases other than they were. */
function later(...changed: CaseResult[]): Run {
  const cases = GOING.cases.map(one => changed.find(({ id }) => id === one.id) ?? one);
  return { ...GOING, cases };
}

function said(before: Run | null, run: Run): string {
  return newsOf(before, run, trans);
}

const PASSED = aCase({ id: 'train.ipynb[seed=2]', parameters: { seed: 2 } });

test('a run that is seen for the first time is not told', () => {
  expect(said(null, GOING)).toBe('');
  expect(said(null, aRun())).toBe('');
});

test('the cells of a case that goes on are not told', () => {
  const tick = later({ ...(GOING.cases[1] ?? aCase()), position: 6 });
  expect(said(GOING, tick)).toBe('');
});

test('a case that ended is told once, with how far the run is', () => {
  const next = later(PASSED);
  expect(said(GOING, next)).toBe('train.ipynb, seed 2: passed. 2 of 3 cases.');
  expect(said(next, next)).toBe('');
});

test('several that ended together are one sentence', () => {
  const last = aCase({ id: 'evaluate.ipynb', notebook: 'evaluate.ipynb', verdict: 'passed' });
  expect(said(GOING, later(PASSED, last))).toBe('2 more cases passed. 3 of 3 cases.');
  expect(said(GOING, later(aRedCase(), last))).toBe(
    '2 more cases ended, 1 did not pass. 3 of 3 cases.'
  );
});

test('the end is told with the verdict and the reason', () => {
  const reason = '2 of 3 cases passed; train.ipynb[seed=2]: cell 3: stdout differs';
  const ended: Run = { ...GOING, state: 'ended', verdict: 'failed', reason };
  expect(said(GOING, ended)).toBe(
    'Run of quality: failed. 2 of 3 cases passed; train.ipynb, seed 2: cell 3: stdout differs'
  );
});

function Voices({ run }: { run: Run }): React.ReactElement {
  return (
    <HostContext.Provider value={place()}>
      <div className="lm-mod-hidden">
        <RunVoice run={run} />
      </div>
      <RunVoice run={run} />
      <RunVoice run={run} />
    </HostContext.Provider>
  );
}

test('the panel and the page of a run speak with one voice, and what is hidden is silent', () => {
  const { rerender } = render(<Voices run={{ ...GOING, id: 'one-voice' }} />);
  act(() => rerender(<Voices run={{ ...later(PASSED), id: 'one-voice' }} />));
  const words = [...document.querySelectorAll('[data-voice]')].map(one => one.textContent);
  expect(words).toEqual(['', 'train.ipynb, seed 2: passed. 2 of 3 cases.', '']);
});
