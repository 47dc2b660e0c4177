/** JupyterLab as the place where our views are shown. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import type { Client } from '../api/client';
import { Refusal } from '../api/problem';
import type { ProjectReference } from '../api/types';
import type { Following } from '../store/following';
import { marksIn } from '../store/marks';
import { holds } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { Store } from '../store/store';
import type { Verbs } from '../store/verbs';
import { CommandIDs } from '../tokens';
import type { IHost } from '../views/host';

export interface ILabParts {
  readonly app: JupyterFrontEnd;
  readonly documents: IDocumentManager;
  readonly trans: TranslationBundle;
  readonly store: Store;
  readonly verbs: Verbs;
  readonly following: Following;
  readonly client: Client;
}

export function labHost(parts: ILabParts): IHost {
  const { app, documents, trans, store, verbs, following, client } = parts;
  return {
    trans,
    verbs,
    now: () => new Date(),
    isByPerson: event => event.isTrusted,
    open: view => void app.commands.execute(CommandIDs.open, { ...view }),
    openFile: (project, path, cell) => void openFile(documents, project, path, cell),
    choose: project => following.choose(project),
    refresh: () => void following.goTo(store.state.path),
    verify: (project, run) => void store.refresh(resources.verification(project, run)),
    picture: (project, run, path) => client.showPicture(project, run, path),
    marks: marksIn(window.localStorage),
    copy: text => Clipboard.copyToSystem(text),
    inCommands: (project, done) => client.inCommands(project, done)
  };
}

async function openFile(
  documents: IDocumentManager,
  project: ProjectReference,
  path: string,
  cell?: number
): Promise<void> {
  const widget = documents.openOrReveal(PathExt.join(project.path, path));
  if (!widget || cell === undefined) {
    return;
  }
  await widget.context.ready;
  await widget.revealed;
  if (!isNotebook(widget)) {
    return;
  }
  const { content } = widget;
  content.activeCellIndex = cell;
  const active = content.activeCell;
  if (active) {
    content.deselectAll();
    await content.scrollToCell(active, 'center');
    active.node.focus({ preventScroll: true });
  }
}

/** The class itself would load all of the notebook package at start. */
function isNotebook(widget: Widget): widget is NotebookPanel {
  return widget.hasClass('jp-NotebookPanel');
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
    const isOurs = context && place && holds(place, context.localPath);
    if (isOurs && context.model.dirty && !saved.includes(context.localPath)) {
      await saveOr(context, trans);
      saved.push(context.localPath);
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
