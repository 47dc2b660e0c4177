/** A value that lives on the server, in one of four states; what was known before is kept. */
import type { Problem } from '../api/types';

export type Remote<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'pending'; readonly last: T | null }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly problem: Problem; readonly last: T | null };

export const IDLE: Remote<never> = { state: 'idle' };

/** The value, or the one known before it was asked for again or failed. */
export function known<T>(remote: Remote<T>): T | null {
  switch (remote.state) {
    case 'idle':
      return null;
    case 'ready':
      return remote.value;
    case 'pending':
    case 'failed':
      return remote.last;
  }
}

export function pending<T>(before: Remote<T>): Remote<T> {
  return { state: 'pending', last: known(before) };
}

export function ready<T>(value: T): Remote<T> {
  return { state: 'ready', value };
}

export function failed<T>(problem: Problem, before: Remote<T>): Remote<T> {
  return { state: 'failed', problem, last: known(before) };
}

/** What went wrong, if something did. */
export function problemIn(remote: Remote<unknown>): Problem | null {
  return remote.state === 'failed' ? remote.problem : null;
}
