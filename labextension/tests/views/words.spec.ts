import { expect, test } from 'vitest';

import {
  afterWords,
  cellAndReason,
  countWords,
  fraction,
  matchWords,
  shapeOf,
  variedWords
} from '../../src/views/words';
import { trans } from '../place';
import { aCase, aGoingRun, aRun } from '../samples';

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

test('what varied is shown with its value', () => {
  expect(variedWords(aCase())).toBe('seed=1');
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
