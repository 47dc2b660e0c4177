/** "Which notebook makes the model?", and which of its files that is. */
import * as React from 'react';

import type { FoundNotebook } from '../api/types';
import { useHost } from './host';
import type { IChoosingProps } from './set_up_view';

const EXAMPLE = 'model.joblib';

export function SetUpModel({ found, choices, choose }: IChoosingProps): React.ReactElement {
  const { trans } = useHost();
  const chosen = choices.notebooks ?? [];
  const makers = found.notebooks.filter(one => chosen.includes(one.path));
  const name = React.useId();
  return (
    <fieldset className="jp-Mlcd-card jp-Mlcd-choice">
      <legend className="jp-Mlcd-unseen">{trans.__('Which notebook makes the model?')}</legend>
      <header>
        <b>{trans.__('Which notebook makes the model?')}</b>
        <span className="jp-Mlcd-secondary">{trans.__('its file is what is delivered')}</span>
      </header>
      <ul className="jp-Mlcd-card-body jp-Mlcd-lines">
        {makers.map(one => (
          <Maker
            key={one.path}
            name={name}
            one={one}
            file={choices.model === one.path ? choices.file : null}
            choose={file => choose({ ...choices, model: one.path, file })}
          />
        ))}
        <li className="jp-Mlcd-mod-wrap">
          <input
            id={`${name}-none`}
            type="radio"
            name={name}
            checked={choices.model === ''}
            onChange={() => choose({ ...choices, model: '', file: '' })}
          />
          <label htmlFor={`${name}-none`}>{trans.__('None: test only, deliver nothing yet')}</label>
        </li>
      </ul>
    </fieldset>
  );
}

function Maker(props: {
  name: string;
  one: FoundNotebook;
  /** The file that is delivered, where this notebook is chosen; else null. */
  file: string | null;
  choose: (file: string) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { one, file, choose } = props;
  const id = React.useId();
  const files = one.writes.filter(path => !path.includes('://') && !path.startsWith('/'));
  return (
    <li className="jp-Mlcd-mod-wrap" data-maker={one.path}>
      <input
        id={id}
        type="radio"
        name={props.name}
        checked={file !== null}
        onChange={() => choose(files[0] ?? '')}
      />
      <label htmlFor={id} className="jp-Mlcd-setUp-path">
        {one.path}
      </label>
      {file === null ? (
        <span className="jp-Mlcd-grow jp-Mlcd-secondary">
          {files.length > 0 && trans.__('seems to write %1', files.join(', '))}
        </span>
      ) : (
        <>
          <input
            className="jp-Mlcd-input jp-Mlcd-code jp-Mlcd-grow"
            aria-label={trans.__('File that %1 makes', one.path)}
            list={`${id}-files`}
            placeholder={EXAMPLE}
            value={file}
            onChange={event => choose(event.target.value)}
          />
          <datalist id={`${id}-files`}>
            {files.map(path => (
              <option key={path} value={path} />
            ))}
          </datalist>
        </>
      )}
    </li>
  );
}
