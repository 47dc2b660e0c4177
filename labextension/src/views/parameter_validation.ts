/** What the form itself refuses: values that the server's JSON Schema does not take. */
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { RJSFSchema } from '@rjsf/utils';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- this module itself is loaded when asked for
import { customizeValidator } from '@rjsf/validator-ajv8';

import type { ParameterForm } from '../api/types';
import type { Value } from './parameter_fields';

/** The one validator of our forms. */
export const validator = customizeValidator<ReadonlyJSONObject>();

/** Names of the parameters whose values the schema of the form does not take. */
export function refusedIn(form: ParameterForm, given: Readonly<Record<string, Value>>): string[] {
  const properties = (form.schema.properties ?? {}) as Record<string, ReadonlyJSONObject>;
  return Object.entries(given)
    .filter(([name, value]) => {
      const schema = properties[name];
      return schema !== undefined && !takes(schema, value);
    })
    .map(([name]) => name);
}

function takes(schema: ReadonlyJSONObject, value: Value): boolean {
  const whole = {
    type: 'object',
    properties: { it: asDraft7(schema) },
    required: ['it']
  } as RJSFSchema;
  const { errors, validationError } = validator.rawValidation(whole, { it: value });
  // What cannot be checked here is the server's to say.
  return validationError !== undefined || (errors ?? []).length === 0;
}

/** The browser's fields leave out seconds and offsets; the server reads both. */
const LEFT_TO_THE_SERVER = ['time', 'date-time'];

/** Ajv, as RJSF has it, writes tuples as drafts before 2020 did. */
function asDraft7(schema: ReadonlyJSONObject): ReadonlyJSONObject {
  const copy = JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'format' && LEFT_TO_THE_SERVER.includes(String(value)) ? undefined : value
    ),
    (_, value: unknown) => {
      if (typeof value === 'object' && value !== null && 'prefixItems' in value) {
        const { prefixItems, ...rest } = value;
        return { ...rest, items: prefixItems, additionalItems: false };
      }
      return value;
    }
  ) as ReadonlyJSONObject;
  return copy;
}
