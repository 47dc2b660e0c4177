/** Times, numbers and names as people write them. Pure: the present is an argument. */
import type { TranslationBundle } from '@jupyterlab/translation';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Scores that differ by less differ by the rounding of binary fractions. */
const NOISE = 1e-12;

/** How long something took: "1.2 s", "2 min 3 s", "1 h 5 min". */
export function duration(seconds: number, trans: TranslationBundle): string {
  if (seconds < 9.95) {
    return trans.__('%1 s', seconds.toFixed(1));
  }
  const whole = Math.round(seconds);
  if (whole < MINUTE) {
    return trans.__('%1 s', whole);
  }
  if (whole < HOUR) {
    return trans.__('%1 min %2 s', Math.floor(whole / MINUTE), whole % MINUTE);
  }
  return trans.__('%1 h %2 min', Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE));
}

/** About how long something took: "40 s", "12 min", "4.5 h", "3.2 days". */
export function about(seconds: number, trans: TranslationBundle): string {
  const short = (value: number): string => (value < 9.95 ? value.toFixed(1) : value.toFixed(0));
  if (seconds < MINUTE) {
    return trans.__('%1 s', seconds.toFixed(0));
  }
  if (seconds < HOUR) {
    return trans.__('%1 min', short(seconds / MINUTE));
  }
  return seconds < 2 * DAY
    ? trans.__('%1 h', short(seconds / HOUR))
    : trans.__('%1 days', short(seconds / DAY));
}

/**
 * The language of dates: the one that the words around them are in, so each catalogue names its own.
 * Numbers are written as in code, in outputs and in mlcd.toml, in every language.
 */
function language(trans: TranslationBundle): string {
  return trans._p('language of dates', 'en-GB');
}

/** "13:26" */
function clock(date: Date, trans: TranslationBundle): string {
  return date.toLocaleTimeString(language(trans), { hour: '2-digit', minute: '2-digit' });
}

/** When it was: "13:40", "yesterday 13:40", "Friday 13:40", "3 Nov", "3 Nov 2025". */
export function moment(iso: string, now: Date, trans: TranslationBundle): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) {
    return '';
  }
  const days = Math.round((midnight(now) - midnight(then)) / (DAY * 1000));
  if (days === 0) {
    return clock(then, trans);
  }
  if (days === 1) {
    return trans.__('yesterday %1', clock(then, trans));
  }
  if (days > 1 && days < 7) {
    return `${then.toLocaleDateString(language(trans), { weekday: 'long' })} ${clock(then, trans)}`;
  }
  const sameYear = then.getFullYear() === now.getFullYear();
  const year = sameYear ? {} : ({ year: 'numeric' } as const);
  return then.toLocaleDateString(language(trans), { day: 'numeric', month: 'short', ...year });
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** For how long: "just now", "20 min", "2 h", "6 days". */
export function age(iso: string, now: Date, trans: TranslationBundle): string {
  const seconds = (now.getTime() - Date.parse(iso)) / 1000;
  if (seconds < MINUTE) {
    return trans.__('just now');
  }
  if (seconds < HOUR) {
    return trans.__('%1 min', Math.floor(seconds / MINUTE));
  }
  if (seconds < DAY) {
    return trans.__('%1 h', Math.floor(seconds / HOUR));
  }
  const days = Math.floor(seconds / DAY);
  return trans._n('%1 day', '%1 days', days);
}

/** The day that comes after so many, as a date field wants it. */
export function inDays(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY * 1000).toISOString().slice(0, 10);
}

/** When a run will be done: "about 13:26"; nothing when that is not known. */
export function finish(
  run: { readonly started: string; readonly estimate: number | null },
  now: Date,
  trans: TranslationBundle
): string {
  if (run.estimate === null) {
    return '';
  }
  const end = new Date(Date.parse(run.started) + run.estimate * 1000);
  return end < now ? trans.__('longer than last time') : trans.__('about %1', clock(end, trans));
}

/** A score: up to four decimals, no trailing zeros; the server writes it the same way. */
export function score(value: number): string {
  const text = String(Number(value.toFixed(4)));
  return Number(text) === 0 && value !== 0 ? value.toPrecision(4) : text;
}

/** How many decimals the numbers of a column need, so that they stand one below the other. */
export function decimals(values: readonly number[]): number {
  return Math.max(0, ...values.map(value => (score(value).split('.')[1] ?? '').length));
}

/** A score with how sure it is: "0.966 (0.951-0.978)". */
export function scoreWithin(value: number, interval: readonly number[] | undefined): string {
  const words = interval ? between(interval) : '';
  return words ? `${score(value)} (${words})` : score(value);
}

/** An interval: "0.951-0.978"; with dots between where a sign would be mistaken for the dash. */
export function between([low, high]: readonly number[], digits?: number): string {
  if (low === undefined || high === undefined) {
    return '';
  }
  const write = (value: number): string =>
    digits === undefined ? score(value) : value.toFixed(digits);
  return low < 0 ? `${write(low)} … ${write(high)}` : `${write(low)}-${write(high)}`;
}

/** A file's size: "55.7 kB". */
export function fileSize(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} B`;
  }
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Memory, as limits are written: "3.9 GiB". */
export function memory(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1000
    ? `${Math.max(1, Math.round(mebibytes))} MiB`
    : `${(mebibytes / 1024).toFixed(1)} GiB`;
}

/** A difference with its sign: "+0.005", "−0.002", "±0". */
export function difference(value: number, digits?: number): string {
  if (Math.abs(value) < NOISE) {
    return '±0';
  }
  const size = digits === undefined ? score(Math.abs(value)) : Math.abs(value).toFixed(digits);
  if (Number(size) === 0) {
    return '±0';
  }
  return value > 0 ? `+${size}` : `−${size}`;
}

/** "mara" of "mara <mara@example.org>". */
export function person(by: string): string {
  return by.replace(/\s*<[^>]*>\s*$/, '') || by;
}

/** Whether two `Name <e-mail>` have the same e-mail. */
export function isSamePerson(one: string, other: string): boolean {
  const email = (by: string): string => (/<([^<>]*)>\s*$/.exec(by)?.[1] ?? by).trim().toLowerCase();
  return email(one) !== '' && email(one) === email(other);
}

/** A commit id as people say it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** A fingerprint as people compare it; it copies in full. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

/** "train" of "models/train.ipynb". */
export function notebookName(path: string): string {
  return (path.split('/').pop() ?? path).replace(/\.ipynb$/, '');
}

/** The value of a parameter: text without quotes, the rest as JSON. */
export function parameter(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
