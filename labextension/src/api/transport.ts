/** Requests over JupyterLab's own connection, which adds the token and the XSRF header. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ITransport } from './client';
import { FORBIDDEN, NO_SERVER_HALF, OFFLINE, Refusal, isProblem } from './problem';

/** The part of the URL that is ours. */
const OURS = 'mlcd';

/** Reach the server that this page came from. */
export function serverTransport(
  settings: ServerConnection.ISettings,
  trans: TranslationBundle
): ITransport {
  const send = async (path: string, body?: object): Promise<Response> => {
    const url = URLExt.join(settings.baseUrl, OURS, path);
    const headers = { 'Content-Type': 'application/json' };
    const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, request, settings);
    } catch {
      throw new Refusal({
        code: OFFLINE,
        message: trans.__('The server does not answer.'),
        hint: trans.__('Runs go on without this page. It asks again by itself.')
      });
    }
    if (!response.ok) {
      throw await refused(response, trans);
    }
    return response;
  };
  return {
    json: async (path, body) => {
      const response = await send(path, body);
      try {
        return (await response.json()) as unknown;
      } catch {
        throw noServerHalf(trans);
      }
    },
    text: async path => (await send(path)).text(),
    blob: async path => (await send(path)).blob()
  };
}

async function refused(response: Response, trans: TranslationBundle): Promise<Refusal> {
  const answer: unknown = await response.json().catch(() => null);
  if (isProblem(answer)) {
    return new Refusal(answer);
  }
  if (response.status === 404) {
    // Ours would have been a Problem; Jupyter's is a page: nobody serves our routes.
    return noServerHalf(trans);
  }
  if (response.status === 401 || response.status === 403) {
    return new Refusal({
      code: FORBIDDEN,
      message: trans.__('This server does not let you do that.'),
      hint: trans.__('Reload the page to log in again, or ask who runs the server.')
    });
  }
  return new Refusal({
    code: 'unexpected',
    message: trans.__('The server answered %1.', `${response.status} ${response.statusText}`)
  });
}

function noServerHalf(trans: TranslationBundle): Refusal {
  return new Refusal({
    code: NO_SERVER_HALF,
    message: trans.__('The server half of jupyter_mlcd is not there.'),
    hint: trans.__(
      'Install jupyter_mlcd where the server runs, then: `jupyter server extension enable jupyter_mlcd`'
    )
  });
}
