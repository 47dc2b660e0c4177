import { ServerConnection } from '@jupyterlab/services';
import { expect, test } from 'vitest';

import { Refusal } from '../../src/api/problem';
import { serverTransport } from '../../src/api/transport';
import type { Problem } from '../../src/api/types';
import { trans } from '../place';

/** What a transport says to an answer of the server. */
async function problemOf(answer: () => Response): Promise<Problem> {
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://127.0.0.1/',
    fetch: () => Promise.resolve(answer())
  });
  try {
    await serverTransport(settings, trans).json('projects');
  } catch (thrown) {
    if (thrown instanceof Refusal) {
      return thrown.problem;
    }
    throw thrown;
  }
  throw new Error('it was not refused');
}

test('a problem of the server is handed on in its own words', async () => {
  const said = { code: 'refused', message: 'a run is under way', hint: 'Wait for it.' };
  const problem = await problemOf(() => new Response(JSON.stringify(said), { status: 409 }));
  expect(problem).toEqual(said);
});

test('a page where JSON should be means that the server half is missing', async () => {
  const problem = await problemOf(() => new Response('<html>404</html>', { status: 404 }));
  expect(problem.code).toBe('no-server-half');
});

test('Jupyter’s own 404 means that the server half is missing', async () => {
  const said = JSON.stringify({ message: 'Not Found', reason: null });
  const problem = await problemOf(() => new Response(said, { status: 404 }));
  expect(problem.code).toBe('no-server-half');
});

test('a 404 of ours is about a thing, not about the server half', async () => {
  const said = JSON.stringify({ code: 'not-found', message: 'there is no run x' });
  const problem = await problemOf(() => new Response(said, { status: 404 }));
  expect(problem.code).toBe('not-found');
});

test('a page with status 200, as of a login, is not taken for an answer', async () => {
  const problem = await problemOf(() => new Response('<html>log in</html>', { status: 200 }));
  expect(problem.code).toBe('no-server-half');
});

test('a server that cannot be reached is offline, and says that runs go on', async () => {
  const problem = await problemOf(() => {
    throw new TypeError('Failed to fetch');
  });
  expect(problem.code).toBe('offline');
  expect(problem.hint).toContain('Runs go on');
});

test('what is not allowed says so', async () => {
  const problem = await problemOf(
    () => new Response(JSON.stringify({ message: 'Forbidden' }), { status: 403 })
  );
  expect(problem.code).toBe('forbidden');
});
