/** Parameters as fields of a form: the server's schema, what each is without a word, and back. */
import { JSONExt, type ReadonlyJSONValue } from '@lumino/coreutils';

import type { ParameterForm } from '../api/types';

/** A value as JSON has it. */
export type Value = ReadonlyJSONValue;

/** How a field is shown. `json` is a list, a table or anything: its text is JSON. */
export type Kind =
  | 'boolean'
  | 'choice'
  | 'date'
  | 'datetime-local'
  | 'integer'
  | 'json'
  | 'number'
  | 'text'
  | 'time';

export interface IField {
  readonly name: string;
  readonly kind: Kind;
  /** Whether it can be None; an empty field then means that. */
  readonly isNullable: boolean;
  /** Whether it has to be given. */
  readonly isRequired: boolean;
  /** The values it can have, of a `choice`. */
  readonly choices: readonly Value[];
  /** The comment behind it in the notebook. */
  readonly help: string;
  /** What a value is: "a number". */
  readonly words: string;
  /** What it is when nothing is given; undefined where only running the cell tells. */
  readonly base: Value | undefined;
  /** That default as the cell writes it, where its value is not known. */
  readonly baseText: string;
  readonly isFromConfig: boolean;
  /** The values that mlcd.toml varies; null where it does not. */
  readonly varied: readonly Value[] | null;
}

/** What stands in the fields: as typed, so text for `json` and dates. */
export type Draft = Readonly<Record<string, Value | undefined>>;

/** What is given to the run, or in which fields something is wrong. */
export interface IGiven {
  readonly parameters: Record<string, Value>;
  /** Names of fields whose JSON cannot be read. */
  readonly unreadable: readonly string[];
  /** Names of fields that have to be given and are not. */
  readonly missing: readonly string[];
  /** Names of fields whose value is of another type. */
  readonly refused: readonly string[];
}

interface ISchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly Value[];
  readonly anyOf?: readonly ISchema[];
  readonly default?: Value;
  readonly description?: string;
  readonly 'x-words'?: string;
  readonly 'x-default-text'?: string;
}

/** The fields of a form, in the order of the parameters cell. */
export function fieldsOf(form: ParameterForm): IField[] {
  // The schema is the server's own: model/parameter_schema.py.
  const properties = (form.schema.properties ?? {}) as Record<string, ISchema>;
  const required = (form.schema.required ?? []) as string[];
  return Object.entries(properties).map(([name, schema]) => {
    const given = form.given[name] as Value | undefined;
    const varied = (form.matrix[name] as readonly Value[] | undefined) ?? null;
    const base = varied ? undefined : (given ?? schema.default);
    return {
      name,
      ...shapeOf(schema, schema.default),
      isRequired: required.includes(name) && base === undefined && !varied,
      help: schema.description ?? '',
      words: schema['x-words'] ?? '',
      base,
      baseText: given === undefined && !varied ? (schema['x-default-text'] ?? '') : '',
      isFromConfig: given !== undefined,
      varied
    };
  });
}

const SIMPLE: Record<string, Kind> = {
  boolean: 'boolean',
  integer: 'integer',
  number: 'number',
  string: 'text'
};
const FORMATS: Record<string, Kind> = { date: 'date', time: 'time', 'date-time': 'datetime-local' };
/** A time with an offset, which the browser's field for times cannot show. */
const OFFSET = /(?:Z|[+-]\d\d:?\d\d)$/;

function shapeOf(
  schema: ISchema,
  value: Value | undefined
): Pick<IField, 'kind' | 'isNullable' | 'choices'> {
  const parts = schema.anyOf ?? [schema];
  const others = parts.filter(part => part.type !== 'null');
  const isNullable = others.length < parts.length;
  const only = others.length === 1 ? others[0] : undefined;
  if (only?.enum) {
    const choices = isNullable ? [...only.enum, null] : only.enum;
    return { kind: 'choice', isNullable: false, choices };
  }
  if (only?.type === 'boolean' && isNullable) {
    return { kind: 'choice', isNullable: false, choices: [true, false, null] };
  }
  const simple = SIMPLE[only?.type ?? ''] ?? 'json';
  const format = FORMATS[only?.format ?? ''] ?? simple;
  const isPlain = typeof value !== 'string' || !OFFSET.test(value);
  return { kind: isPlain ? format : simple, isNullable, choices: [] };
}

/** What stands in the fields when nothing is given. */
export function baseDraft(fields: readonly IField[]): Draft {
  return Object.fromEntries(fields.map(field => [field.name, shown(field, field.base)]));
}

/** The same with what the newest run was given. */
export function lastDraft(fields: readonly IField[], last: Record<string, unknown>): Draft {
  const remembered = fields
    .filter(field => field.name in last)
    .map(field => [field.name, shown(field, last[field.name] as Value)] as const);
  return { ...baseDraft(fields), ...Object.fromEntries(remembered) };
}

function shown(field: IField, value: Value | undefined): Value | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (field.kind === 'json') {
    return JSON.stringify(value);
  }
  return value === null && field.kind !== 'choice' ? undefined : value;
}

/** What to give the run: only what is other than it would be anyway. */
export function givenBy(fields: readonly IField[], draft: Draft): IGiven {
  const parameters: Record<string, Value> = {};
  const unreadable: string[] = [];
  const missing: string[] = [];
  for (const field of fields) {
    const value = valueOf(field, draft[field.name]);
    if (value === UNREADABLE) {
      unreadable.push(field.name);
    } else if (value === undefined) {
      if (field.isRequired) {
        missing.push(field.name);
      }
    } else if (field.base === undefined || !JSONExt.deepEqual(value, field.base)) {
      parameters[field.name] = value;
    }
  }
  return { parameters, unreadable, missing, refused: [] };
}

const UNREADABLE = Symbol('not JSON');

function valueOf(field: IField, typed: Value | undefined): Value | undefined | typeof UNREADABLE {
  const isEmpty = typed === undefined || (typed === '' && field.kind !== 'text');
  if (field.isNullable && (isEmpty || typed === '')) {
    // Where nothing is known of it, an empty field says nothing.
    return field.base === undefined && (field.varied || field.baseText) ? undefined : null;
  }
  if (isEmpty) {
    return undefined;
  }
  if (field.kind !== 'json' || typeof typed !== 'string') {
    return typed;
  }
  try {
    return JSON.parse(typed) as Value;
  } catch {
    return UNREADABLE;
  }
}

/** A value for people: as a notebook writes it. */
export function inWords(value: Value): string {
  if (value === null || typeof value === 'boolean') {
    return value === null ? 'None' : value ? 'True' : 'False';
  }
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
}
