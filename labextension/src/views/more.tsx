/** Three dots that fold out what is seldom wanted. */
import * as React from 'react';

import type { Remote } from '../store/remote';
import type { Act } from '../store/store';
import { Button } from './parts';

/** Something that is folded out or not. */
export interface IFold {
  readonly isOpen: boolean;
  readonly turn: (isOpen: boolean) => void;
}

/** A sheet that removes something, with what it would remove: asked for while it is open. */
export interface ITidy<T> extends IFold {
  readonly plan: Remote<T>;
  readonly acts: ReadonlyMap<string, Act>;
}

interface IMoreButtonProps extends IFold {
  /** What there is more of, for those who hear it. */
  readonly name: string;
  /** What is to be found there. */
  readonly title: string;
}

export function MoreButton(props: IMoreButtonProps): React.ReactElement {
  const { isOpen, turn, name, title } = props;
  return (
    <button
      type="button"
      className="jp-Mlcd-more"
      aria-expanded={isOpen}
      aria-label={name}
      title={title}
      onClick={() => turn(!isOpen)}
    >
      ⋯
    </button>
  );
}

/** What the three dots fold out: a button with what it does, and the sheet that it opens. */
export function More(props: {
  tidy: IFold;
  isShown: boolean;
  label: string;
  note: string;
  children: React.ReactNode;
}): React.ReactElement | null {
  const { tidy, isShown, label, note, children } = props;
  if (tidy.isOpen) {
    return <>{children}</>;
  }
  return isShown ? (
    <div className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-inset">
      <Button small onClick={() => tidy.turn(true)}>
        {label}
      </Button>
      <span>{note}</span>
    </div>
  ) : null;
}
