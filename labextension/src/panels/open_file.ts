/** Opens a file of a project, at a cell if one is named: here, or in a browser tab of its own. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';

import type { ProjectReference } from '../api/types';
import { documentPath } from './server_paths';

/** Where a tab that opens another one leaves the cell; the new tab begins with a copy of it. */
const LEFT = 'jupyter-mlcd:cell';

export interface IOpening {
  readonly app: JupyterFrontEnd;
  readonly documents: IDocumentManager;
  /** Name of the drive that the file browser shows. */
  readonly drive: () => string;
}

/** Open a file by its path inside a project; `cell` counts from 0. */
export async function openFile(
  { app, documents, drive }: IOpening,
  project: ProjectReference,
  inside: string,
  cell?: number
): Promise<void> {
  const { contents } = app.serviceManager;
  const shown = [...app.shell.widgets('main')];
  const name = PathExt.join(project.path, inside);
  const path = documentPath(contents, documents, shown, drive(), name);
  const here = shown.find(widget => documents.contextForWidget(widget)?.path === path);
  if (here) {
    // Notebook 7 would open it a second time and take it out of this tab.
    app.shell.activateById(here.id);
    await showCell(here, cell);
    return;
  }
  leaveCell(path, cell);
  const opened = documents.openOrReveal(path);
  takeCell(path);
  if (opened && !opened.isDisposed) {
    await showCell(opened, cell);
  }
}

/** In a tab that was opened for a cell, go there. */
export async function showLeftCell(widget: NotebookPanel): Promise<void> {
  await showCell(widget, takeCell(widget.context.path));
}

async function showCell(widget: Widget, cell?: number): Promise<void> {
  if (cell === undefined || !isNotebook(widget)) {
    return;
  }
  await widget.context.ready;
  await widget.revealed;
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

function leaveCell(path: string, cell?: number): void {
  if (cell !== undefined) {
    window.sessionStorage.setItem(LEFT, `${cell} ${path}`);
  }
}

function takeCell(path: string): number | undefined {
  const [cell = '', ...rest] = (window.sessionStorage.getItem(LEFT) ?? '').split(' ');
  window.sessionStorage.removeItem(LEFT);
  return rest.join(' ') === path && /^\d{1,6}$/.test(cell) ? Number(cell) : undefined;
}
