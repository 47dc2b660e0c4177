/** Long lists, a page at a time: what a browser holds is bounded, and rows keep their place. */
import * as React from 'react';

import { useHost } from './host';
import { Button } from './parts';

export interface IPages<T> {
  /** The rows of this page. */
  readonly shown: readonly T[];
  /** Place of the first of them, counted from 0. */
  readonly from: number;
  readonly count: number;
  readonly size: number;
  readonly goTo: (from: number) => void;
}

/** Cut rows into pages of a size; rows that go leave no empty page. */
export function usePages<T>(rows: readonly T[], size: number): IPages<T> {
  const [wanted, goTo] = React.useState(0);
  const last = Math.max(0, Math.floor((rows.length - 1) / size) * size);
  const from = Math.min(wanted, last);
  return { shown: rows.slice(from, from + size), from, count: rows.length, size, goTo };
}

/** "1-50 of 240" with the way to the others; nothing where one page holds all. */
export function Pager(props: { pages: IPages<unknown>; name: string }): React.ReactElement | null {
  const { trans } = useHost();
  const { from, count, size, goTo } = props.pages;
  if (count <= size) {
    return null;
  }
  const to = Math.min(from + size, count);
  return (
    <nav className="jp-Mlcd-pager" aria-label={props.name}>
      <Turn isPossible={from > 0} onClick={() => goTo(from - size)}>
        {trans.__('Previous')}
      </Turn>
      <span className="jp-Mlcd-number">{trans.__('%1-%2 of %3', from + 1, to, count)}</span>
      <Turn isPossible={to < count} onClick={() => goTo(from + size)}>
        {trans.__('Next')}
      </Turn>
    </nav>
  );
}

/** Greyed and not disabled: whoever pressed it last keeps the focus. */
function Turn(props: {
  isPossible: boolean;
  onClick: () => void;
  children: React.ReactNode;
}): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-Mlcd-button jp-Mlcd-mod-small"
      aria-disabled={!props.isPossible}
      onClick={() => props.isPossible && props.onClick()}
    >
      {props.children}
    </button>
  );
}

interface IOnlyRedProps {
  readonly count: number;
  readonly isOn: boolean;
  readonly turn: (isOn: boolean) => void;
}

/** Leaves only the red rows of a long list. */
export function OnlyRed({ count, isOn, turn }: IOnlyRedProps): React.ReactElement {
  const { trans } = useHost();
  return (
    <Button small pressed={isOn} onClick={() => turn(!isOn)}>
      {trans.__('Only the %1 red', count)}
    </Button>
  );
}
