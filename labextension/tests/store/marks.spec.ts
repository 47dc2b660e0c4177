import { beforeEach, expect, test } from 'vitest';

import { marksIn } from '../../src/store/marks';

beforeEach(() => window.localStorage.clear());

test('marks are there when the page comes again', () => {
  marksIn(window.localStorage).write('one', ['a', 'b']);
  expect(marksIn(window.localStorage).read('one')).toEqual(['a', 'b']);
  expect(marksIn(window.localStorage).read('other')).toEqual([]);
});

test('what was read longest ago is forgotten first', () => {
  const marks = marksIn(window.localStorage);
  Array.from({ length: 250 }, (_, index) => marks.write(String(index), ['a']));
  expect(marks.read('0')).toEqual([]);
  expect(marks.read('249')).toEqual(['a']);
});

test('what is no mark in the storage is left out', () => {
  window.localStorage.setItem('jupyter-mlcd:read', '[["one", ["a"]], 7, ["two", [3]]]');
  const marks = marksIn(window.localStorage);
  expect(marks.read('one')).toEqual(['a']);
  expect(marks.read('two')).toEqual([]);
});

test('without room marks last as long as the page', () => {
  const full: Storage = {
    length: 0,
    clear: () => undefined,
    key: () => null,
    removeItem: () => undefined,
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    }
  };
  const marks = marksIn(full);
  marks.write('one', ['a']);
  expect(marks.read('one')).toEqual(['a']);
});
