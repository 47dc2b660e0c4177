/** Errors: the server's `Problem`, and the three that only a browser can have. */
import type { Problem } from './types';

/** The server cannot be reached. */
export const OFFLINE = 'offline';
/** A server answers that does not know our routes. */
export const NO_SERVER_HALF = 'no-server-half';
/** We are not logged in, or may not do this. */
export const FORBIDDEN = 'forbidden';

/** A request that was not met; `problem` is what people read. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
    this.name = 'Refusal';
  }
}

/** What is wrong, for whatever was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Refusal) {
    return thrown.problem;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'unexpected', message };
}

/** Whether a JSON value is a `Problem` of our server. */
export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}
