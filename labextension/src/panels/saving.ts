/** Saves open documents before something is begun with them: what is not saved is not seen. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { Refusal } from '../api/problem';
import { holds } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { Store } from '../store/store';
import { serverPath } from './server_paths';

/** How long a shared document has, in milliseconds, to be saved by its server. */
const SHARED = 5000;

/** Save the open documents of a project that have unsaved changes, and say so. */
export async function saveDocuments(
  app: JupyterFrontEnd,
  documents: IDocumentManager,
  store: Store,
  trans: TranslationBundle,
  project: string
): Promise<void> {
  const place = known(store.read(resources.status(project)))?.project;
  const open = new Map<string, DocumentRegistry.Context>();
  for (const widget of app.shell.widgets('main')) {
    const context = documents.contextForWidget(widget);
    const path = context && serverPath(app.serviceManager.contents, context.path);
    if (context && place && path && holds(place, path)) {
      open.set(path, context);
    }
  }
  await save([...open.values()], trans);
}

/** Save those of these documents that have unsaved changes, and say which.
 *
 * @throws Refusal - when one could not be saved.
 */
export async function save(
  contexts: readonly DocumentRegistry.Context[],
  trans: TranslationBundle
): Promise<void> {
  const changed = contexts.filter(({ model }) => model.dirty);
  for (const context of changed) {
    await saveOne(context, trans);
  }
  if (changed.length > 0) {
    const names = changed.map(({ localPath }) => PathExt.basename(localPath)).join(', ');
    const words = trans.__('Saved %1 first: what is not saved is not seen.', names);
    Notification.info(words, { autoClose: 4000 });
  }
}

async function saveOne(context: DocumentRegistry.Context, trans: TranslationBundle): Promise<void> {
  try {
    if (!(await isSavedByItsServer(context))) {
      await context.save();
    }
  } catch {
    throw new Refusal({
      code: 'not-saved',
      message: trans.__('%1 could not be saved, so nothing was begun.', context.localPath),
      hint: trans.__('Your text is still in its tab. Save it there and try again.')
    });
  }
}

/** Whether the server of a shared document has written it.
 *
 * It does so a moment after each change. To save beside it may be refused, or ask her about "changes
 * on disk" that are her own.
 */
async function isSavedByItsServer({ model }: DocumentRegistry.Context): Promise<boolean> {
  if (!model.collaborative) {
    return false;
  }
  return new Promise(resolve => {
    const end = (isSaved: boolean): void => {
      window.clearTimeout(timer);
      model.stateChanged.disconnect(look);
      resolve(isSaved);
    };
    const look = (): void => {
      if (!model.dirty) {
        end(true);
      }
    };
    const timer = window.setTimeout(() => end(false), SHARED);
    model.stateChanged.connect(look);
    look();
  });
}
