import { expect, test } from 'vitest';

import { baseDraft, fieldsOf, givenBy, lastDraft } from '../../src/views/parameter_fields';
import { aForm } from '../samples_set_up';

test('nothing is given where everything is as it would be anyway', () => {
  const fields = fieldsOf(aForm());
  expect(givenBy(fields, baseDraft(fields)).parameters).toEqual({});
});

test('what mlcd.toml gives stands before what the cell says', () => {
  const fields = fieldsOf(aForm({ given: { C: 10 } }));
  expect(baseDraft(fields).C).toBe(10);
  expect(givenBy(fields, { ...baseDraft(fields), C: 1 }).parameters).toEqual({ C: 1 });
});

test('what the last run was given is remembered', () => {
  const fields = fieldsOf(aForm());
  const draft = lastDraft(fields, { C: 3, layers: [8], gone: 1 });
  expect(draft).toMatchObject({ C: 3, layers: '[8]' });
  expect(givenBy(fields, draft).parameters).toEqual({ C: 3, layers: [8] });
});

test('a list is one text, read as JSON, and a slip in it is told', () => {
  const fields = fieldsOf(aForm());
  const draft = baseDraft(fields);
  expect(draft.layers).toBe('[64,32]');
  expect(givenBy(fields, { ...draft, layers: '[1]' }).parameters).toEqual({ layers: [1] });
  expect(givenBy(fields, { ...draft, layers: '[1' }).unreadable).toEqual(['layers']);
});

test('an empty field is None where None is allowed', () => {
  const fields = fieldsOf(aForm());
  const draft = { ...baseDraft(fields), depth: 5 };
  expect(givenBy(fields, draft).parameters).toEqual({ depth: 5 });
  expect(givenBy(fields, { ...draft, depth: undefined }).parameters).toEqual({});
});

test('an empty field is the default where None is not allowed', () => {
  const fields = fieldsOf(aForm());
  const given = givenBy(fields, { ...baseDraft(fields), C: undefined });
  expect(given).toEqual({ parameters: {}, unreadable: [], missing: [], refused: [] });
});

test('what has no default has to be given', () => {
  const schema = { properties: { rows: { type: 'integer' } }, required: ['rows'] };
  const fields = fieldsOf(aForm({ schema }));
  expect(givenBy(fields, {}).missing).toEqual(['rows']);
  expect(givenBy(fields, { rows: 3 }).parameters).toEqual({ rows: 3 });
});

test('what mlcd.toml varies is left to it unless one value is given', () => {
  const fields = fieldsOf(aForm({ matrix: { C: [1, 2] } }));
  const draft = baseDraft(fields);
  expect(draft.C).toBeUndefined();
  expect(givenBy(fields, draft).parameters).toEqual({});
  expect(givenBy(fields, { ...draft, C: 1 }).parameters).toEqual({ C: 1 });
});

test.each([
  [{ type: 'boolean' }, 'boolean'],
  [{ enum: ['a', 'b'] }, 'choice'],
  [{ anyOf: [{ enum: ['a'] }, { type: 'null' }] }, 'choice'],
  [{ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, 'choice'],
  [{ type: 'string', format: 'date' }, 'date'],
  [{ type: 'string', format: 'date-time' }, 'datetime-local'],
  [{ type: 'string', format: 'date-time', default: '2026-01-31T12:00:00+01:00' }, 'text'],
  [{ type: 'string', format: 'time' }, 'time'],
  [{ type: 'array', items: { type: 'integer' } }, 'json'],
  [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'json'],
  [{}, 'json']
] as const)('%j is shown as %s', (schema, kind) => {
  const [field] = fieldsOf(aForm({ schema: { properties: { it: schema } } }));
  expect(field?.kind).toBe(kind);
});
