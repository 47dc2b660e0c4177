/** "Run as test": a form made from the notebook's parameters cell, typed, with what was given last. */
import { FormComponent } from '@jupyterlab/ui-components';
import type {
  ErrorSchema,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
  UiSchema
} from '@rjsf/utils';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import * as React from 'react';

import type { ParameterForm, Problem } from '../api/types';
import type { Act } from '../store/store';
import { moment } from './format';
import { useHost, useNow } from './host';
import { type Draft, type IField, type IGiven, baseDraft, inWords } from './parameter_fields';
import { validator } from './parameter_validation';
import { ProblemBox, Sentence } from './parts';

interface IRunFormProps {
  readonly form: ParameterForm;
  readonly fields: readonly IField[];
  readonly draft: Draft;
  /** What is wrong with it, once it was asked to start; null before. */
  readonly checked: IGiven | null;
  readonly act: Act | null;
  readonly onChange: (draft: Draft) => void;
}

export function RunForm(props: IRunFormProps): React.ReactElement {
  const { form, fields, draft, act, onChange } = props;
  const { trans } = useHost();
  const problem = act?.state === 'failed' ? act.problem : null;
  const named = namedIn(problem, fields);
  return (
    <div className="jp-Mlcd jp-Mlcd-runForm">
      <Remembered {...props} />
      {form.remarks.map(remark => (
        <p key={remark} className="jp-Mlcd-secondary">
          <Sentence text={remark} />
        </p>
      ))}
      <Fields
        fields={fields}
        draft={draft}
        errors={errorsOf(props, named, problem)}
        onChange={onChange}
      />
      {problem && named.length === 0 && <ProblemBox problem={problem} />}
      {act?.state === 'pending' && (
        <div role="status" className="jp-Mlcd-secondary">
          {trans.__('Starting…')}
        </div>
      )}
    </div>
  );
}

/** Where the values come from, and the way back to the defaults. */
function Remembered({ form, fields, draft, onChange }: IRunFormProps): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const isBase = JSON.stringify(draft) === JSON.stringify(baseDraft(fields));
  const words = isBase
    ? trans.__('These are the defaults.')
    : Object.keys(form.last).length > 0
      ? trans.__('As in the run of %1, or as you changed it.', moment(form.last_at, now, trans))
      : trans.__('Some are other than the defaults.');
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
      <span className="jp-Mlcd-grow jp-Mlcd-secondary" role="status">
        {words}
      </span>
      <button
        type="button"
        className="jp-Mlcd-button jp-Mlcd-mod-small"
        // Disabled, it would lose the focus that it has when it is pressed.
        aria-disabled={isBase}
        onClick={() => !isBase && onChange(baseDraft(fields))}
      >
        {trans.__('Reset to defaults')}
      </button>
    </div>
  );
}

interface IFieldsProps {
  readonly fields: readonly IField[];
  readonly draft: Draft;
  readonly errors: ErrorSchema<ReadonlyJSONObject>;
  readonly onChange: (draft: Draft) => void;
}

/** JupyterLab's own form, with labels that belong to their fields. */
function Fields({ fields, draft, errors, onChange }: IFieldsProps): React.ReactElement {
  const { trans } = useHost();
  const schema = React.useMemo(() => schemaOf(fields), [fields]);
  const look = React.useMemo(() => lookOf(fields), [fields]);
  return (
    <FormComponent
      schema={schema}
      uiSchema={look}
      formData={draft as ReadonlyJSONObject}
      validator={validator}
      extraErrors={errors}
      formContext={{ fields, trans }}
      templates={TEMPLATES}
      showErrorList={false}
      noHtml5Validate
      tagName="div"
      idPrefix="jp-Mlcd-parameter"
      onChange={({ formData }) => onChange(formData ?? {})}
    />
  );
}

/** The flat schema that is shown: lists and tables are one text each. */
function schemaOf(fields: readonly IField[]): RJSFSchema {
  const properties = fields.map(field => [field.name, schemaOfField(field)] as const);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function schemaOfField({ kind, choices, name, base }: IField): RJSFSchema {
  switch (kind) {
    case 'choice': {
      const schema = { title: name, enum: [...choices] } as RJSFSchema;
      // Without a default there is an empty choice, too.
      return base === undefined ? schema : ({ ...schema, default: base } as RJSFSchema);
    }
    case 'integer':
      // A browser greys the dialog's button for a whole number that is none, and does not say why.
      return { title: name, type: 'number' };
    case 'boolean':
    case 'number':
      return { title: name, type: kind };
    default:
      return { title: name, type: 'string' };
  }
}

function lookOf(fields: readonly IField[]): UiSchema<ReadonlyJSONObject> {
  return Object.fromEntries(fields.map(field => [field.name, lookOfField(field)]));
}

function lookOfField(field: IField): UiSchema<ReadonlyJSONObject> {
  const timed = ['date', 'time', 'datetime-local'].includes(field.kind);
  const isEmpty = field.base === undefined && !field.isRequired;
  return {
    'ui:options': {
      ...(field.kind === 'choice' ? { enumNames: field.choices.map(inWords) } : {}),
      ...(timed ? { inputType: field.kind } : {}),
      ...(field.kind === 'text' && !field.isNullable ? { emptyValue: '' } : {}),
      ...(isEmpty && field.kind === 'boolean' ? { widget: 'select' } : {}),
      ...(isEmpty && field.baseText ? { placeholder: field.baseText } : {})
    }
  };
}

interface IContext {
  readonly fields: readonly IField[];
}

function AllFields({ properties }: ObjectFieldTemplateProps): React.ReactElement {
  return <>{properties.map(property => property.content)}</>;
}

/** One parameter: its name as the label, the field, what it is, and what is wrong with it. */
function OneField(props: FieldTemplateProps): React.ReactElement {
  const { id, children, label, rawErrors, schema } = props;
  const { fields } = props.formContext as IContext;
  const field = fields.find(one => one.name === label);
  if (!field) {
    return <div className="jp-Mlcd-fields">{children}</div>;
  }
  const errors = rawErrors ?? [];
  return (
    <div
      className={`jp-Mlcd-field${errors.length > 0 ? ' jp-Mlcd-mod-wrong' : ''}`}
      data-parameter={field.name}
    >
      {schema.type !== 'boolean' || field.base === undefined ? (
        <label htmlFor={id} className="jp-Mlcd-code">
          {field.name}
        </label>
      ) : null}
      {children}
      <FieldWords id={`${id}__description`} field={field} />
      <div
        id={`${id}__error`}
        className="jp-Mlcd-fieldError"
        role={errors.length > 0 ? 'alert' : undefined}
      >
        {errors.map(error => (
          <div key={error}>
            <Sentence text={error} />
          </div>
        ))}
      </div>
    </div>
  );
}

function FieldWords({ id, field }: { id: string; field: IField }): React.ReactElement {
  const { trans } = useHost();
  const { base, baseText, varied } = field;
  const isShown = base !== undefined && (base !== null || field.kind === 'choice');
  const facts = [
    field.help,
    field.kind === 'choice' ? '' : field.words,
    field.isNullable ? trans.__('empty: None') : '',
    isShown && !field.isFromConfig ? trans.__('default %1', inWords(base)) : '',
    isShown && field.isFromConfig ? trans.__('mlcd.toml gives %1', inWords(base)) : '',
    baseText ? trans.__('default %1', baseText) : '',
    varied ? trans.__('empty: each of %1, as in mlcd.toml', varied.map(inWords).join(', ')) : '',
    field.isRequired ? trans.__('has to be given') : ''
  ];
  return (
    <div id={id} className="jp-Mlcd-secondary">
      {facts.filter(Boolean).join(' · ')}
    </div>
  );
}

const TEMPLATES = { FieldTemplate: OneField, ObjectFieldTemplate: AllFields };

/** The fields that a refusal of the server names. */
function namedIn(problem: Problem | null, fields: readonly IField[]): string[] {
  const { parameter, parameters } = problem?.details ?? {};
  const names: unknown[] = Array.isArray(parameters) ? parameters : [parameter];
  return fields.map(field => field.name).filter(name => names.includes(name));
}

function errorsOf(
  { checked, fields }: IRunFormProps,
  named: readonly string[],
  problem: Problem | null
): ErrorSchema<ReadonlyJSONObject> {
  const { trans } = useHost();
  const words = new Map<string, string>();
  for (const { name, words: what } of fields) {
    if (checked?.missing.includes(name)) {
      words.set(name, trans.__('Give a value: %1.', what || name));
    } else if (checked?.unreadable.includes(name)) {
      words.set(name, trans.__('This cannot be read. Write it as JSON: %1.', what || '[1, 2]'));
    } else if (checked?.refused.includes(name)) {
      words.set(name, trans.__('This is something else. Give %1.', what || name));
    } else if (named.includes(name) && problem) {
      words.set(name, [problem.message, problem.hint].filter(Boolean).join('. '));
    }
  }
  const errors = [...words].map(
    ([name, text]) => [name, { __errors: [text] }] as [string, { __errors: string[] }]
  );
  return Object.fromEntries(errors);
}
