import { expect, test } from 'vitest';

import { Hearing } from '../../src/store/hearing';

test('hints that follow one another are heard', () => {
  const hearing = new Hearing();
  hearing.learn('p', 4);
  expect([hearing.hear(5), hearing.hear(6)]).toEqual([true, true]);
  expect(hearing.isHearing).toBe(true);
});

test('a number that was left out says that hints were missed', () => {
  const hearing = new Hearing();
  hearing.learn('p', 4);
  expect(hearing.hear(6)).toBe(false);
  expect(hearing.hear(7)).toBe(true);
});

test('changes that no hint came for leave the page unheard', () => {
  const hearing = new Hearing();
  hearing.learn('p', 4);
  hearing.check();
  expect(hearing.isUnheard).toBe(false);
  hearing.learn('p', 6);
  hearing.check();
  expect([hearing.isUnheard, hearing.isHearing]).toEqual([true, false]);
});

test('the next hint ends that', () => {
  const hearing = new Hearing();
  hearing.learn('p', 0);
  hearing.learn('p', 2);
  hearing.check();
  expect(hearing.hear(3)).toBe(true);
  expect(hearing.isUnheard).toBe(false);
});

test('a server that began anew counts from the start and nothing was missed', () => {
  const hearing = new Hearing();
  hearing.learn('p', 50);
  hearing.lose();
  hearing.learn('p', 2);
  hearing.check();
  expect(hearing.isUnheard).toBe(false);
  expect(hearing.hear(3)).toBe(true);
});

test('another project has its own numbers', () => {
  const hearing = new Hearing();
  hearing.learn('p', 50);
  hearing.learn('q', 3);
  hearing.check();
  expect(hearing.isUnheard).toBe(false);
  expect(hearing.hear(4)).toBe(true);
});
