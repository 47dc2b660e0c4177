import { expect, test } from 'vitest';

import {
  afterWords,
  cellAndReason,
  countWords,
  fraction,
  matchWords,
  partialWords,
  reasonWords,
  shapeOf
} from '../../src/views/words';
import { trans } from '../place';
import { aCase, aFlakyCase, aGoingRun, aRun } from '../samples';

test('every verdict that somebody has to look at is square', () => {
  const verdicts = ['failed', 'error', 'timeout', 'killed', 'incomplete'] as const;
  expect(new Set(verdicts.map(verdict => shapeOf('ended', verdict)))).toEqual(new Set(['failed']));
});

test('what was cancelled or not run is neither good nor bad', () => {
  expect([shapeOf('ended', 'cancelled'), shapeOf('ended', 'not-run')]).toEqual([
    'waiting',
    'waiting'
  ]);
});

test('a case that waits says after which notebooks', () => {
  const { cases } = aGoingRun();
  const last = cases[2];
  expect(last && afterWords(last, cases, trans)).toBe('after train');
});

test('a run that goes on counts the cases that have ended', () => {
  expect(countWords(aGoingRun(), trans)).toBe('1 of 3');
});

test('a run that has ended counts the cases that passed', () => {
  const cases = [aCase(), aCase({ id: 'other', verdict: 'failed' })];
  expect(countWords(aRun({ cases }), trans)).toBe('1 of 2');
});

test('progress counts whole cases and the cells of those that run', () => {
  expect(fraction(aGoingRun())).toBeCloseTo((1 + 4 / 11) / 3);
});

test('a reason that names its cell is told in two', () => {
  expect(cellAndReason('cell 7: 1 number differs')).toEqual(['cell 7', '1 number differs']);
});

test('another reason is told as it is', () => {
  expect(cellAndReason('the kernel died')).toEqual(['', 'the kernel died']);
});

test('one changed file is named, several are counted', () => {
  expect([
    matchWords('older', ['train.ipynb'], trans),
    matchWords('older', ['a', 'b'], trans)
  ]).toEqual(['older: train.ipynb changed', 'older: 2 files changed']);
});

test('what passed on a retry counts as passed, and has a mark of its own', () => {
  const cases = [aFlakyCase(), aCase({ id: 'other', verdict: 'failed' })];
  expect(countWords(aRun({ cases }), trans)).toBe('1 of 2');
  expect(shapeOf('ended', 'flaky')).toBe('flaky');
});

test('what passed on a retry says on which, and why not at first', () => {
  expect(reasonWords(aFlakyCase(), trans)).toBe(
    'passed on attempt 2 of 2; at first: cell 3: stdout differs'
  );
});

test('a run of some cases says of how many, where that is known', () => {
  const run = aRun({ partial: true });
  expect(partialWords(run, 6, trans)).toBe(
    'only 1 of 6 cases were run: proves nothing about the whole suite'
  );
  expect(partialWords(run, null, trans)).toMatch(/^only some of the cases were run/);
});

test('a run of all cases says nothing of the kind', () => {
  expect(partialWords(aRun(), 6, trans)).toBe('');
});
