/** JupyterLab as the place where our views are shown. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import { Refusal } from '../api/problem';
import type { Following } from '../store/following';
import { marksIn } from '../store/marks';
import { holds } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { Store } from '../store/store';
import type { Verbs } from '../store/verbs';
import { CommandIDs } from '../tokens';
import type { IHost } from '../views/host';
import { type IOpening, openFile } from './open_file';
import { serverPath } from './server_paths';

export interface ILabParts extends IOpening {
  readonly trans: TranslationBundle;
  readonly store: Store;
  readonly verbs: Verbs;
  readonly following: Following;
  readonly client: Client;
}

export function labHost(parts: ILabParts): IHost {
  const { app, trans, store, verbs, following, client } = parts;
  return {
    trans,
    verbs,
    now: () => new Date(),
    isByPerson: event => event.isTrusted,
    open: view => void app.commands.execute(CommandIDs.open, { ...view }),
    openFile: (project, path, cell) => void openFile(parts, project, path, cell),
    choose: project => following.choose(project),
    refresh: () => void following.goTo(store.state.path),
    verify: (project, run) => void store.refresh(resources.verification(project, run)),
    picture: (project, run, path) => client.showPicture(project, run, path),
    marks: marksIn(window.localStorage),
    copy: text => Clipboard.copyToSystem(text),
    inCommands: (project, done) => client.inCommands(project, done)
  };
}

/** Save the open documents of a project that have unsaved changes, and say so. */
export async function saveDocuments(
  app: JupyterFrontEnd,
  documents: IDocumentManager,
  store: Store,
  trans: TranslationBundle,
  project: string
): Promise<void> {
  const place = known(store.read(resources.status(project)))?.project;
  const saved: string[] = [];
  for (const widget of app.shell.widgets('main')) {
    const context = documents.contextForWidget(widget);
    const path = context && serverPath(app.serviceManager.contents, context.path);
    if (context && place && path && holds(place, path) && !saved.includes(path)) {
      if (context.model.dirty) {
        await saveOr(context, trans);
        saved.push(path);
      }
    }
  }
  if (saved.length > 0) {
    const names = saved.map(path => PathExt.basename(path)).join(', ');
    Notification.info(trans.__('Saved %1 first: what is not saved is not seen.', names), {
      autoClose: 4000
    });
  }
}

async function saveOr(context: DocumentRegistry.Context, trans: TranslationBundle): Promise<void> {
  try {
    await context.save();
  } catch {
    throw new Refusal({
      code: 'not-saved',
      message: trans.__('%1 could not be saved, so nothing was begun.', context.localPath),
      hint: trans.__('Your text is still in its tab. Save it there and try again.')
    });
  }
}
