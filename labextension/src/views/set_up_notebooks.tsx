/** "What should be tested?": the notebooks that were found, which of them, in which order. */
import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { FoundNotebook, SetUpChoices } from '../api/types';
import { duration } from './format';
import { useHost } from './host';
import type { IChoosingProps } from './set_up_view';

export function SetUpNotebooks({ found, choices, choose }: IChoosingProps): React.ReactElement {
  const { trans } = useHost();
  const chosen = choices.notebooks ?? [];
  const count = found.notebooks.length;
  return (
    <fieldset className="jp-Mlcd-card jp-Mlcd-choice">
      <legend className="jp-Mlcd-unseen">{trans.__('What should be tested?')}</legend>
      <header>
        <b>{trans.__('What should be tested?')}</b>
        <span className="jp-Mlcd-secondary">
          {trans._n('%1 notebook found', '%1 notebooks found', count)}
          {' · '}
          {trans.__('looked at, not run')}
        </span>
      </header>
      <ol className="jp-Mlcd-card-body jp-Mlcd-lines">
        {inOrder(found.notebooks, chosen).map(one => (
          <Row
            key={one.path}
            one={one}
            place={chosen.indexOf(one.path)}
            count={chosen.length}
            tick={isTicked => choose(ticked(choices, one.path, isTicked))}
            move={by => choose(moved(choices, one.path, by))}
          />
        ))}
      </ol>
      <label className="jp-Mlcd-row jp-Mlcd-card-body">
        <input
          type="checkbox"
          checked={choices.in_order}
          onChange={event => choose({ ...choices, in_order: event.target.checked })}
        />
        <span className="jp-Mlcd-grow">
          {trans.__('Each waits for all above it; else only for those that write what it reads')}
        </span>
      </label>
    </fieldset>
  );
}

interface IRowProps {
  readonly one: FoundNotebook;
  /** Its place among the chosen ones; -1 when it is not chosen. */
  readonly place: number;
  readonly count: number;
  readonly tick: (isTicked: boolean) => void;
  readonly move: (by: number) => void;
}

function Row({ one, place, count, tick, move }: IRowProps): React.ReactElement {
  const { trans } = useHost();
  const id = React.useId();
  return (
    <li data-notebook={one.path} className="jp-Mlcd-mod-wrap">
      <input
        id={id}
        type="checkbox"
        checked={place >= 0}
        aria-describedby={`${id}-facts`}
        onChange={event => tick(event.target.checked)}
      />
      <label htmlFor={id} className="jp-Mlcd-setUp-path">
        {one.path}
      </label>
      <span className="jp-Mlcd-buttons">
        <Move path={one.path} by={-1} isPossible={place > 0} move={move} />
        <Move path={one.path} by={1} isPossible={place >= 0 && place < count - 1} move={move} />
      </span>
      <span id={`${id}-facts`} className="jp-Mlcd-grow jp-Mlcd-secondary">
        {one.against ? <b>{one.against}</b> : factsOf(one, trans).join(' · ')}
      </span>
    </li>
  );
}

function Move(props: {
  path: string;
  by: -1 | 1;
  isPossible: boolean;
  move: (by: number) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { path, by } = props;
  const Caret = by < 0 ? caretUpIcon : caretDownIcon;
  const name = by < 0 ? trans.__('Run %1 earlier', path) : trans.__('Run %1 later', path);
  return (
    <button
      type="button"
      className="jp-Mlcd-fold"
      aria-label={name}
      title={name}
      disabled={!props.isPossible}
      onClick={() => props.move(by)}
    >
      <Caret.react tag="span" />
    </button>
  );
}

function factsOf(one: FoundNotebook, trans: ReturnType<typeof useHost>['trans']): string[] {
  const facts = [
    one.kernel_here ? trans.__('kernel %1', one.kernel) : '',
    one.after.length > 0 ? trans.__('after %1', one.after.join(', ')) : '',
    one.writes.length > 0 ? trans.__('seems to write %1', one.writes.join(', ')) : '',
    one.records.length > 0 ? trans.__('records %1', one.records.join(', ')) : '',
    one.parameters.length > 0
      ? trans._n('%1 parameter', '%1 parameters', one.parameters.length)
      : '',
    one.seconds === null ? '' : trans.__('%1 last time', duration(one.seconds, trans)),
    one.tracked ? '' : trans.__('new to git')
  ];
  return facts.filter(Boolean);
}

/** The chosen ones in their order, then the others. */
function inOrder(all: readonly FoundNotebook[], chosen: readonly string[]): FoundNotebook[] {
  const others = all.filter(one => !chosen.includes(one.path));
  return [...chosen.flatMap(path => all.find(one => one.path === path) ?? []), ...others];
}

function ticked(choices: SetUpChoices, path: string, isTicked: boolean): SetUpChoices {
  const before = choices.notebooks ?? [];
  const notebooks = isTicked ? [...before, path] : before.filter(one => one !== path);
  const isModel = choices.model === path && !isTicked;
  return { ...choices, notebooks, ...(isModel ? { model: '', file: '' } : {}) };
}

function moved(choices: SetUpChoices, path: string, by: number): SetUpChoices {
  const notebooks = [...(choices.notebooks ?? [])];
  const place = notebooks.indexOf(path);
  notebooks.splice(place, 1);
  notebooks.splice(place + by, 0, path);
  return { ...choices, notebooks };
}
