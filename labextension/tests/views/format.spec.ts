import { expect, test } from 'vitest';

import {
  age,
  between,
  decimals,
  difference,
  duration,
  fileSize,
  finish,
  memory,
  moment,
  notebookName,
  parameter,
  person,
  score,
  scoreWithin,
  shortDigest
} from '../../src/views/format';
import { catalogue } from '../../packaging/catalogue.mjs';
import { bundle } from '../../src/widgets/translation';
import { trans } from '../place';
import { NOW, minutesAgo } from '../samples';

const DAY = 24 * 60;
const german = bundle('de-DE', catalogue());

test.each([
  [0.04, '0.0 s'],
  [1.24, '1.2 s'],
  [9.96, '10 s'],
  [59.6, '1 min 0 s'],
  [123, '2 min 3 s'],
  [3900, '1 h 5 min']
])('%s seconds are written %s', (seconds, words) => {
  expect(duration(seconds, trans)).toBe(words);
});

test.each([
  [5, '13:20'],
  [14 * 60, 'yesterday 23:25'],
  [4 * DAY, 'Friday 13:25'],
  [21 * DAY, '3 Nov'],
  [400 * DAY, '20 Oct 2025']
])('%s minutes ago is "%s"', (minutes, words) => {
  expect(moment(minutesAgo(minutes), NOW, trans)).toBe(words);
});

test.each([
  [14 * 60, 'gestern 23:25'],
  [4 * DAY, 'Freitag 13:25'],
  [21 * DAY, '3. Nov.']
])('%s minutes ago is "%s" where the words are German', (minutes, words) => {
  expect(moment(minutesAgo(minutes), NOW, german)).toBe(words);
});

test.each([
  [DAY, '1 Tag'],
  [6 * DAY, '6 Tage']
])('since %s minutes is "%s" in German', (minutes, words) => {
  expect(age(minutesAgo(minutes), NOW, german)).toBe(words);
});

test('a time that is none is nothing', () => {
  expect(moment('', NOW, trans)).toBe('');
});

test.each([
  [0.5, 'just now'],
  [20, '20 min'],
  [150, '2 h'],
  [DAY, '1 day'],
  [6 * DAY, '6 days']
])('since %s minutes is "%s"', (minutes, words) => {
  expect(age(minutesAgo(minutes), NOW, trans)).toBe(words);
});

test('a run ends when it began plus what it takes', () => {
  expect(finish({ started: minutesAgo(1), estimate: 120 }, NOW, trans)).toBe('about 13:26');
});

test('a run that takes longer than ever before says so', () => {
  const run = { started: minutesAgo(10), estimate: 60 };
  expect(finish(run, NOW, trans)).toBe('longer than last time');
});

test('the end of a first run is not known', () => {
  expect(finish({ started: minutesAgo(1), estimate: null }, NOW, trans)).toBe('');
});

test.each([
  [0.966, '0.966'],
  [0.95, '0.95'],
  [1, '1'],
  [0.00001234, '0.00001234'],
  [0, '0']
])('the score %s is written %s', (value, words) => {
  expect(score(value)).toBe(words);
});

test.each([
  [0.005, '+0.005'],
  [-0.002, '−0.002'],
  [0, '±0'],
  [-1.1e-16, '±0']
])('the difference %s is written %s', (value, words) => {
  expect(difference(value)).toBe(words);
});

test('numbers of a column have as many decimals as the longest needs', () => {
  expect(decimals([0.95, 0.9583, 1])).toBe(4);
});

test('a person is called by name', () => {
  expect(person('Mara Example <mara@example.org>')).toBe('Mara Example');
});

test('who has only an address is called by it', () => {
  expect(person('<mara@example.org>')).toBe('<mara@example.org>');
});

test('a notebook is called by its name without folder and ending', () => {
  expect(notebookName('models/train.ipynb')).toBe('train');
});

test('a text parameter has no quotes, another value is JSON', () => {
  expect([parameter('rbf'), parameter([1, 2])]).toEqual(['rbf', '[1,2]']);
});

test('a fingerprint is short to see', () => {
  expect(shortDigest(`sha256:${'a'.repeat(64)}`)).toBe('a'.repeat(12));
});

test('a score stands with how sure it is', () => {
  expect(scoreWithin(0.966, [0.951, 0.978])).toBe('0.966 (0.951-0.978)');
});

test('a score of which that is not known stands alone', () => {
  expect(scoreWithin(0.966, undefined)).toBe('0.966');
});

test('the sign of a low end is not mistaken for a dash', () => {
  expect(between([-0.2, 0.1])).toBe('-0.2 … 0.1');
});

test.each([
  [900, '1 MiB'],
  [310 * 2 ** 20, '310 MiB'],
  [1023 * 2 ** 20, '1.0 GiB'],
  [3.9 * 2 ** 30, '3.9 GiB']
])('%s bytes of memory are written %s', (bytes, words) => {
  expect(memory(bytes)).toBe(words);
});

test.each([
  [999, '999 B'],
  [55_700, '55.7 kB'],
  [2_340_000, '2.3 MB']
])('a file of %s bytes is written %s', (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});
