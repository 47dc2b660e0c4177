/** What a person looked at last, and what she has heard: marks that stay in this browser. */
import type { ReviewPage } from '../api/types';
import type { IMarks } from './marks';

/** A version that was looked at. */
export interface ILooked {
  readonly version: string;
  readonly digest: string;
  /** When, ISO 8601. */
  readonly at: string;
  /** `{suite: run}` that it stands on. */
  readonly runs: Readonly<Record<string, string>>;
}

export interface ILookedBefore {
  /** The version before this one that was looked at; null for the first. */
  readonly other: ILooked | null;
  /** Whether this very version was looked at before. */
  readonly isAgain: boolean;
  /** Ids of what was said and read by then. */
  readonly heard: ReadonlySet<string>;
}

const KEPT = 20;

/** What was looked at before; from now on, this one is. */
export function lookAt(marks: IMarks, project: string, page: ReviewPage, now: Date): ILookedBefore {
  const key = `looked ${project} ${page.by}`;
  const looked = marks.read(key).flatMap(lookedOf);
  const others = looked.filter(one => one.digest !== page.digest);
  const runs = Object.fromEntries(page.runs.map(run => [run.suite, run.id]));
  const { version, digest } = page;
  const next = [...others, { version, digest, at: now.toISOString(), runs }].slice(-KEPT);
  marks.write(
    key,
    next.map(one => JSON.stringify(one))
  );
  const heard = new Set(marks.read(heardKey(project, page)));
  return { other: others.at(-1) ?? null, isAgain: others.length < looked.length, heard };
}

/** All that was said by now has been on the screen. */
export function hear(marks: IMarks, project: string, page: ReviewPage): void {
  marks.write(
    heardKey(project, page),
    page.entries.map(entry => entry.id)
  );
}

function heardKey(project: string, page: ReviewPage): string {
  return `heard ${project} ${page.by} ${page.digest}`;
}

function lookedOf(mark: string): ILooked[] {
  try {
    const found: unknown = JSON.parse(mark);
    return isLooked(found) ? [found] : [];
  } catch {
    return [];
  }
}

function isLooked(value: unknown): value is ILooked {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['version', 'digest', 'at'].every(
      name => typeof (value as Record<string, unknown>)[name] === 'string'
    ) &&
    typeof (value as Record<string, unknown>).runs === 'object'
  );
}
