/** Walking from change to change of a comparison, by keys and by buttons, on into the next case. */
import * as React from 'react';

import type { CaseChanges, EvidenceChanges } from '../api/types';
import { type Mode, isChange } from './changes_words';

export interface IWalk {
  readonly mode: Mode;
  readonly turn: (mode: Mode) => void;
  /** Which of the changes is stood at, counted from 0; null before the first step. */
  readonly at: number | null;
  /** Positions, among the cells, of those that are changes. */
  readonly changes: readonly number[];
  readonly step: (by: Step) => void;
  /** Whether there is something to step to. */
  readonly can: (by: Step) => boolean;
  /** The page that hears the keys. */
  readonly page: React.RefObject<HTMLDivElement>;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

type Step = 1 | -1;

const KEYS: Readonly<Record<string, Step>> = { n: 1, j: 1, p: -1, k: -1 };

interface IParts {
  readonly comparison: EvidenceChanges | null;
  readonly cells: CaseChanges['cells'] | null;
  /** Place of the case that is shown. */
  readonly shown: number | null;
  readonly choose: (shown: number) => void;
}

/** Where a walk stands: in which case, and at which of its changes; an end while it is not known. */
interface IPlace {
  readonly shown: number | null;
  readonly at: number | 'first' | 'last';
}

export function useWalk({ comparison, cells, shown, choose }: IParts): IWalk {
  const [mode, turn] = React.useState<Mode>('changes');
  const [place, stand] = React.useState<IPlace | null>(null);
  const page = useFocusFromAround();
  const changes = React.useMemo(
    () => (cells ?? []).flatMap((cell, index) => (isChange(cell, mode) ? [index] : [])),
    [cells, mode]
  );
  const at = cells && place?.shown === shown ? resolved(place, changes.length) : null;
  const next = (by: Step): number => (at === null ? (by > 0 ? 0 : changes.length - 1) : at + by);
  const neighbour = (by: Step): number | null => caseBeside(comparison, shown, by);
  const isHere = (by: Step): boolean => next(by) >= 0 && next(by) < changes.length;
  const step = (by: Step): void => {
    const beside = neighbour(by);
    if (isHere(by)) {
      stand({ shown, at: next(by) });
    } else if (beside !== null) {
      stand({ shown: beside, at: by > 0 ? 'first' : 'last' });
      choose(beside);
    }
  };
  return {
    mode,
    turn: to => {
      stand(null);
      turn(to);
    },
    at,
    changes,
    step,
    can: by => isHere(by) || neighbour(by) !== null,
    page,
    onKeyDown: event => {
      const by = KEYS[event.key];
      if (by !== undefined && !isTypedInto(event)) {
        event.preventDefault();
        event.stopPropagation();
        step(by);
      }
    }
  };
}

/** Keys are heard inside of a page only: the focus comes in from the widget that waited for it. */
function useFocusFromAround(): React.RefObject<HTMLDivElement> {
  const page = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    if (page.current?.parentElement === document.activeElement) {
      page.current.focus({ preventScroll: true });
    }
  }, []);
  return page;
}

function resolved({ at }: IPlace, count: number): number | null {
  if (count === 0) {
    return null;
  }
  return at === 'first' ? 0 : at === 'last' ? count - 1 : Math.min(at, count - 1);
}

/** The nearest case in a direction that is not as before. */
function caseBeside(
  comparison: EvidenceChanges | null,
  shown: number | null,
  by: Step
): number | null {
  const cases = comparison?.cases ?? [];
  for (let place = (shown ?? -1) + by; place >= 0 && place < cases.length; place += by) {
    if (cases[place]?.relation !== 'same') {
      return place;
    }
  }
  return null;
}

/** Whether a key means a letter, or something else than it alone. */
export function isTypedInto(event: React.KeyboardEvent): boolean {
  const { target } = event;
  const isField =
    target instanceof HTMLElement &&
    target.closest('input:not([type=radio],[type=range]), select, textarea');
  return event.ctrlKey || event.metaKey || event.altKey || !!isField;
}
