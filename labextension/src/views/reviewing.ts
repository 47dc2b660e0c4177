/** The review that evidence is read in: what its cells and cases show of it, wherever they stand. */
import * as React from 'react';

import type { ReviewEntry, ReviewPage } from '../api/types';
import type { IPlaceOfRemark } from '../store/acts';
import type { Act } from '../store/store';

export interface IReviewing {
  readonly project: string;
  readonly version: string;
  readonly entries: readonly ReviewEntry[];
  /** Ids of what this reader has not seen before. */
  readonly fresh: ReadonlySet<string>;
  readonly acts: ReadonlyMap<string, Act>;
  /** The remote that a word goes to when it is written; empty where nobody said so. */
  readonly shareWith: string;
  /** Whether words are written here; a notebook's output only shows them. */
  readonly canWrite: boolean;
  /** Where a reader was led to; null while she was not. */
  readonly meant: IPlaceOfRemark | null;
}

/** A case, as results and comparisons name it. */
export interface IAbout {
  readonly id: string;
  readonly notebook: string;
}

/** The review that evidence belongs to, where it is read outside of the review's page. */
export function reviewingOf(
  project: string,
  page: ReviewPage | null,
  acts: ReadonlyMap<string, Act>,
  canWrite: boolean
): IReviewing | null {
  return (
    page && {
      project,
      version: page.version,
      entries: page.entries,
      fresh: new Set<string>(),
      acts,
      shareWith: '',
      canWrite,
      meant: null
    }
  );
}

export const ReviewContext = React.createContext<IReviewing | null>(null);

/** The review around this view; null where there is none. */
export function useReviewing(): IReviewing | null {
  return React.useContext(ReviewContext);
}

/** Whether something was said about a cell. */
export function hasRemarks(
  reviewing: IReviewing | null,
  about: IAbout,
  cell: number | null
): boolean {
  return (
    reviewing !== null && cell !== null && remarksAt(reviewing.entries, about, cell).length > 0
  );
}

/** Whether a reader was led to a cell. */
export function isLedTo(reviewing: IReviewing | null, about: IAbout, cell: number): boolean {
  const meant = reviewing?.meant ?? null;
  return meant?.cell === cell && (meant.case === about.id || meant.case === about.notebook);
}

/** What was said about a place: a cell counts from 0, a case is named by its id or its notebook. */
export function remarksAt(
  entries: readonly ReviewEntry[],
  about: IAbout,
  cell: number | null
): ReviewEntry[] {
  return entries.filter(
    entry =>
      entry.kind === 'commented' &&
      entry.cell === cell &&
      (entry.case === about.id || entry.case === about.notebook)
  );
}
