import { expect, test } from 'vitest';

import { holds, isUnderWay } from '../../src/store/questions';
import { PROJECT, aDelivery, aGoingRun, aStatus } from '../samples';

test('a project holds what lies in its folder', () => {
  expect(holds(PROJECT, 'digits/train.ipynb')).toBe(true);
});

test('a folder whose name begins the same is another one', () => {
  expect(holds(PROJECT, 'digits-old/train.ipynb')).toBe(false);
});

test('a project at the root holds everything', () => {
  expect(holds({ ...PROJECT, path: '' }, 'any/where.ipynb')).toBe(true);
});

test('a run that goes on is under way', () => {
  expect(isUnderWay(aStatus({ runs: [aGoingRun()] }))).toBe(true);
});

test('a delivery of which nothing is known yet is under way', () => {
  const [rung] = aStatus().environments;
  const environments = rung ? [{ ...rung, delivery: aDelivery({ state: 'unknown' }) }] : [];
  expect(isUnderWay(aStatus({ environments }))).toBe(true);
});

test('where all has ended nothing is under way', () => {
  expect(isUnderWay(aStatus())).toBe(false);
});
