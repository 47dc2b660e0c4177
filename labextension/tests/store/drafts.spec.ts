import { beforeEach, expect, test } from 'vitest';

import { draftsIn } from '../../src/store/drafts';

beforeEach(() => window.localStorage.clear());

test('a draft is there when the page comes again, and gone when it was sent', () => {
  draftsIn(window.localStorage).write('here', 'half a w');
  const later = draftsIn(window.localStorage);
  expect(later.read('here')).toBe('half a w');
  later.write('here', '');
  expect(draftsIn(window.localStorage).read('here')).toBe('');
});

test('two pages do not take away each other’s drafts', () => {
  const one = draftsIn(window.localStorage);
  const other = draftsIn(window.localStorage);
  one.write('a', 'first');
  other.write('b', 'second');
  one.write('c', 'third');
  expect(['a', 'b', 'c'].map(draftsIn(window.localStorage).read)).toEqual([
    'first',
    'second',
    'third'
  ]);
});

test('what another page sent does not come back', () => {
  const one = draftsIn(window.localStorage);
  one.write('a', 'sent elsewhere');
  draftsIn(window.localStorage).write('a', '');
  one.write('b', 'mine');
  expect(draftsIn(window.localStorage).read('a')).toBe('');
});

test('what is no draft in the storage is left out', () => {
  window.localStorage.setItem('jupyter-mlcd:draft', '[["a", 7], ["b", "kept"], 3]');
  const drafts = draftsIn(window.localStorage);
  expect([drafts.read('a'), drafts.read('b')]).toEqual(['', 'kept']);
});

test('without room a draft lasts as long as the page', () => {
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
  const drafts = draftsIn(full);
  drafts.write('a', 'words');
  expect(drafts.read('a')).toBe('words');
});
