import { expect, test } from 'vitest';

import { refusedIn } from '../../src/views/parameter_validation';
import type { Value } from '../../src/views/parameter_fields';
import { aForm } from '../samples_set_up';

function refused(schema: object, value: Value): boolean {
  const form = aForm({ schema: { properties: { it: schema } } });
  return refusedIn(form, { it: value }).length > 0;
}

test.each([
  [{ type: 'integer' }, 1.5],
  [{ type: 'number' }, 'many'],
  [{ type: 'boolean' }, 1],
  [{ type: 'string' }, 1],
  [{ enum: ['rbf', 'linear'] }, 'poly'],
  [{ type: 'string', format: 'date' }, '2026-02-31'],
  [{ type: 'array', items: { type: 'integer' } }, [1, 'two']],
  [{ type: 'array', items: { type: 'integer' } }, 7],
  [
    {
      type: 'array',
      prefixItems: [{ type: 'integer' }, { type: 'string' }],
      minItems: 2,
      maxItems: 2
    },
    ['a', 'b']
  ],
  [{ type: 'object', additionalProperties: { type: 'number' } }, { a: 'x' }],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'x']
] as const)('%j does not take %j', (schema, value) => {
  expect(refused(schema, value as Value)).toBe(true);
});

test.each([
  [{ type: 'integer' }, 1],
  [{ type: 'number' }, 1],
  [{ type: 'array', items: { type: 'integer' } }, []],
  [{ type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }] }, [1, 'b']],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, null],
  [{ type: 'string', format: 'date-time' }, '2026-01-31T12:00'],
  [{ type: 'string', format: 'time' }, '12:00'],
  [{}, { any: ['thing'] }],
  [{ type: 'number', 'x-words': 'a number', 'x-default-text': 'pi / 2' }, 3.14]
] as const)('%j takes %j', (schema, value) => {
  expect(refused(schema, value as Value)).toBe(false);
});

test('a schema that cannot be understood here leaves the word to the server', () => {
  expect(refused({ type: 'nothing known' }, 1)).toBe(false);
});
