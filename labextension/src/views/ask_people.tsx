/** Whom to ask: those who may approve are suggested; anybody else is named by e-mail. */
import * as React from 'react';

import type { ReviewPreview } from '../api/types';
import { useHost } from './host';

/** The e-mails in a text, each once. */
export function peopleOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

const NOBODY = 'ken@example.org';

export function AskPeople(props: {
  preview: ReviewPreview;
  text: string;
  write: (text: string) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { preview, text, write } = props;
  const chosen = peopleOf(text);
  const suggested = preview.people.map(one => one.name);
  const others = chosen.filter(one => !suggested.includes(one));
  const [typed, type] = React.useState(others.join(', '));
  const put = (ticked: readonly string[], also: string): void =>
    write([...ticked, ...peopleOf(also)].join(', '));
  const ticked = suggested.filter(one => chosen.includes(one));
  return (
    <fieldset className="jp-Mlcd-people">
      <legend>{trans.__('Whom')}</legend>
      {preview.people.map(({ name, unfit }) => (
        <label key={name} className="jp-Mlcd-tick">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={event =>
              put(
                event.target.checked ? [...ticked, name] : ticked.filter(one => one !== name),
                typed
              )
            }
          />
          <span>
            {name}{' '}
            <span className="jp-Mlcd-secondary">
              {[
                preview.asked.includes(name) && trans.__('asked already'),
                unfit && trans.__('%1: an approval would not count', unfit)
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
        </label>
      ))}
      <label className="jp-Mlcd-message">
        {preview.people.length > 0 ? trans.__('Others, by e-mail') : trans.__('By e-mail')}
        <input
          className="jp-Mlcd-input"
          value={typed}
          placeholder={NOBODY}
          autoComplete="off"
          spellCheck={false}
          onChange={event => {
            type(event.target.value);
            put(ticked, event.target.value);
          }}
        />
      </label>
      {preview.people.length === 0 && (
        <p className="jp-Mlcd-secondary">
          {trans.__('Nobody else may approve yet: who may stands in the file of allowed signers.')}
        </p>
      )}
    </fieldset>
  );
}
