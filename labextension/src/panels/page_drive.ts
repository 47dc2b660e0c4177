/** The drive that pages are read from as documents. It holds nothing and takes nothing. */
import { PathExt } from '@jupyterlab/coreutils';
import type { Contents, ServerConnection } from '@jupyterlab/services';
import { type ISignal, Signal } from '@lumino/signaling';

import { PAGES_DRIVE } from './page_paths';

export class PageDrive implements Contents.IDrive {
  constructor(readonly serverSettings: ServerConnection.ISettings) {}

  readonly name = PAGES_DRIVE;

  get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this._fileChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Whatever the path says: the page itself tells when there is no such thing. */
  get(path: string): Promise<Contents.IModel> {
    return Promise.resolve({
      name: PathExt.basename(path),
      path,
      type: 'file',
      format: 'text',
      content: '',
      mimetype: 'text/plain',
      writable: false,
      created: '',
      last_modified: ''
    });
  }

  getDownloadUrl(): Promise<string> {
    return refused();
  }

  newUntitled(): Promise<Contents.IModel> {
    return refused();
  }

  delete(): Promise<void> {
    return refused();
  }

  rename(): Promise<Contents.IModel> {
    return refused();
  }

  save(): Promise<Contents.IModel> {
    return refused();
  }

  copy(): Promise<Contents.IModel> {
    return refused();
  }

  createCheckpoint(): Promise<Contents.ICheckpointModel> {
    return refused();
  }

  listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return Promise.resolve([]);
  }

  restoreCheckpoint(): Promise<void> {
    return refused();
  }

  deleteCheckpoint(): Promise<void> {
    return refused();
  }

  private _isDisposed = false;
  private readonly _fileChanged = new Signal<this, Contents.IChangedArgs>(this);
}

function refused(): Promise<never> {
  return Promise.reject(new Error('a page of Delivery is no file'));
}
