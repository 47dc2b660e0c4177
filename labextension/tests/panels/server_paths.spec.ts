import type { IDocumentManager } from '@jupyterlab/docmanager';
import { ContentsManager, Drive } from '@jupyterlab/services';
import { Widget } from '@lumino/widgets';
import { expect, test } from 'vitest';

import { documentPath, serverPath } from '../../src/panels/server_paths';

/** Contents as they are with a collaborative drive and one of somebody's cloud. */
function contents(): ContentsManager {
  const found = new ContentsManager();
  found.addDrive(new Drive({ name: 'RTC' }));
  found.addDrive(new Drive({ name: 'S3' }));
  return found;
}

/** Documents that are open, by their paths. */
function open(...paths: string[]): { documents: IDocumentManager; widgets: Widget[] } {
  const of = new Map(paths.map(path => [new Widget(), { path }]));
  const documents = { contextForWidget: (widget: Widget) => of.get(widget) };
  return { documents: documents as unknown as IDocumentManager, widgets: [...of.keys()] };
}

test('a shared document is a file of the server, a cloud drive has none', () => {
  const all = contents();
  expect(serverPath(all, 'RTC:digits/train.ipynb')).toBe('digits/train.ipynb');
  expect(serverPath(all, 'digits/train.ipynb')).toBe('digits/train.ipynb');
  expect(serverPath(all, 'S3:digits/train.ipynb')).toBeNull();
});

test('a file that is open is called as it is open', () => {
  const { documents, widgets } = open('notes.txt', 'RTC:digits/train.ipynb');
  const path = documentPath(contents(), documents, widgets, '', 'digits/train.ipynb');
  expect(path).toBe('RTC:digits/train.ipynb');
});

test('else it opens through the drive that the file browser shows', () => {
  const { documents, widgets } = open('S3:digits/train.ipynb');
  const all = contents();
  expect(documentPath(all, documents, widgets, 'RTC', 'digits/train.ipynb')).toBe(
    'RTC:digits/train.ipynb'
  );
  expect(documentPath(all, documents, widgets, 'S3', 'digits/train.ipynb')).toBe(
    'digits/train.ipynb'
  );
});
