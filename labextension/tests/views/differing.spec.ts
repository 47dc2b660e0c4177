import { expect, test } from 'vitest';

import { cutAt, differingSpans, type ISpan } from '../../src/views/differing';

/** A side with what changed in square brackets. */
function marked(spans: readonly ISpan[]): string {
  return spans.map(span => (span.changed ? `[${span.text}]` : span.text)).join('');
}

function bothSides(expected: string, got: string): string[] {
  return differingSpans(expected, got).map(marked);
}

test('a number that differs is marked as a whole', () => {
  expect(bothSides('samples used: 1797', 'samples used: 1796')).toEqual([
    'samples used: [1797]',
    'samples used: [1796]'
  ]);
});

test('equal texts have nothing marked', () => {
  expect(bothSides('same', 'same')).toEqual(['same', 'same']);
});

test('two changes leave what is between them unmarked', () => {
  expect(bothSides('a 1 b 2 c', 'a 3 b 4 c')).toEqual(['a [1] b [2] c', 'a [3] b [4] c']);
});

test('what is only there on one side is marked there', () => {
  expect(bothSides('', 'ValueError')).toEqual(['', '[ValueError]']);
});

test('signs and exponents belong to their number', () => {
  expect(bothSides('x = -1.5e-3', 'x = 1.5e-3')).toEqual(['x = [-1.5e-3]', 'x = [1.5e-3]']);
});

test('nothing of either text is lost', () => {
  const texts = ['def f(x):\n  return x + 1', 'def g(x, y):\n  return x'] as const;
  const joined = differingSpans(...texts).map(side => side.map(span => span.text).join(''));
  expect(joined).toEqual(texts);
});

test('very long texts are still compared, by their common beginning and end', () => {
  const long = (middle: string): string => `start ${`${middle} `.repeat(2000)}end`;
  const [left] = differingSpans(long('a'), long('b'));
  expect(left[0]).toEqual({ text: 'start ', changed: false });
  expect(left[left.length - 1]).toEqual({ text: ' end', changed: false });
});

test('a span of the server counts characters, whatever they take in memory', () => {
  expect(cutAt('😀😀 loss 0.12 end', [8, 12])).toEqual([
    { text: '😀😀 loss ', changed: false },
    { text: '0.12', changed: true },
    { text: ' end', changed: false }
  ]);
});

test('where something was taken out the place stays marked', () => {
  expect(cutAt('ab', [1, 1])).toEqual([
    { text: 'a', changed: false },
    { text: '', changed: true },
    { text: 'b', changed: false }
  ]);
});
