import { expect, test } from 'vitest';

import { CHANGED, hintOf } from '../../src/api/events';

test('our event is a hint', () => {
  const event = { schema_id: CHANGED, project: 'p', topic: 'run', id: 'r', seq: 4 };
  expect(hintOf(event)).toEqual({ project: 'p', topic: 'run', id: 'r', seq: 4 });
});

test('somebody else’s event is not', () => {
  expect(hintOf({ schema_id: 'https://other', project: 'p', topic: 'run', id: 'r' })).toBeNull();
});

test('an event with a topic that we do not know is not', () => {
  expect(hintOf({ schema_id: CHANGED, project: 'p', topic: 'weather', id: '' })).toBeNull();
});
