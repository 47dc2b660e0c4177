/** "Where does it go?": a folder to try, or a git remote that is there. */
import * as React from 'react';

import type { FoundRemote } from '../api/types';
import { useHost } from './host';
import type { IChoosingProps } from './set_up_view';

export function SetUpPlace({ found, choices, choose }: IChoosingProps): React.ReactElement {
  const { trans } = useHost();
  const name = React.useId();
  const isFolder = choices.remote === '';
  return (
    <fieldset className="jp-Mlcd-card jp-Mlcd-choice">
      <legend className="jp-Mlcd-unseen">{trans.__('Where does it go?')}</legend>
      <header>
        <b>{trans.__('Where does it go?')}</b>
        <span className="jp-Mlcd-secondary">
          {trans.__('nothing goes anywhere before Deliver')}
        </span>
      </header>
      <ul className="jp-Mlcd-card-body jp-Mlcd-lines">
        <li className="jp-Mlcd-mod-wrap">
          <input
            id={name}
            type="radio"
            name={name}
            checked={isFolder}
            onChange={() => choose({ ...choices, remote: '' })}
          />
          <label htmlFor={name} className="jp-Mlcd-setUp-path">
            {trans.__('a folder on this machine, to try')}
          </label>
          <input
            className="jp-Mlcd-input jp-Mlcd-code jp-Mlcd-grow"
            aria-label={trans.__('Folder')}
            value={choices.folder}
            disabled={!isFolder}
            onChange={event => choose({ ...choices, folder: event.target.value })}
          />
        </li>
        {found.remotes.map(remote => (
          <Remote
            key={remote.name}
            name={name}
            remote={remote}
            isChosen={choices.remote === remote.name}
            choose={() => choose({ ...choices, remote: remote.name })}
          />
        ))}
      </ul>
    </fieldset>
  );
}

function Remote(props: {
  name: string;
  remote: FoundRemote;
  isChosen: boolean;
  choose: () => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { name, url, system } = props.remote;
  const id = React.useId();
  const what =
    system === 'folder'
      ? trans.__('the git repository %1', name)
      : trans.__('%1, seen in %2', system, name);
  return (
    <li className="jp-Mlcd-mod-wrap" data-remote={name}>
      <input
        id={id}
        type="radio"
        name={props.name}
        checked={props.isChosen}
        onChange={props.choose}
      />
      <label htmlFor={id} className="jp-Mlcd-setUp-path">
        {what}
      </label>
      <span className="jp-Mlcd-grow jp-Mlcd-secondary" title={url}>
        {url}
      </span>
    </li>
  );
}
