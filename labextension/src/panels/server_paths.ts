/** Paths of documents as the server knows them: every drive that shows its files is the same folder. */
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { Contents } from '@jupyterlab/services';
import type { Widget } from '@lumino/widgets';

/** The server's own drive, and the one through which jupyter-collaboration shows the same files. */
const OURS: readonly string[] = ['', 'RTC'];

/** The path on the server; null for a drive that shows something else. */
export function serverPath(contents: Contents.IManager, path: string): string | null {
  return OURS.includes(contents.driveName(path)) ? contents.localPath(path) : null;
}

/**
 * How the document manager calls a file of the server: as it is open already, else through the drive
 * that the file browser shows. A second drive would be a second copy of an open document.
 */
export function documentPath(
  contents: Contents.IManager,
  documents: IDocumentManager,
  open: Iterable<Widget>,
  drive: string,
  path: string
): string {
  for (const widget of open) {
    const found = documents.contextForWidget(widget)?.path;
    if (found !== undefined && serverPath(contents, found) === path) {
      return found;
    }
  }
  return drive && OURS.includes(drive) ? `${drive}:${path}` : path;
}
