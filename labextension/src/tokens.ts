/** What our plug-ins share, and what other extensions may build on. */
import { Token } from '@lumino/coreutils';

import type { Following } from './store/following';
import type { Store } from './store/store';
import type { IHost } from './views/host';

/** The state of the project that is worked on, and the place its views are shown in. */
export interface IDelivery {
  readonly store: Store;
  readonly host: IHost;
  readonly following: Following;
}

export const IDelivery = new Token<IDelivery>(
  'jupyter-mlcd:IDelivery',
  'The state of the current project, the acts a person can ask for, and where its views open.'
);

/** Our commands. */
export const CommandIDs = {
  showPanel: 'jupyter-mlcd:show-panel',
  open: 'jupyter-mlcd:open',
  run: 'jupyter-mlcd:run',
  runFailed: 'jupyter-mlcd:run-failed',
  runNotebook: 'jupyter-mlcd:run-notebook',
  runFiles: 'jupyter-mlcd:run-files',
  cancel: 'jupyter-mlcd:cancel',
  keep: 'jupyter-mlcd:keep',
  showRun: 'jupyter-mlcd:show-run',
  report: 'jupyter-mlcd:report',
  accept: 'jupyter-mlcd:accept',
  evidence: 'jupyter-mlcd:evidence',
  openConfig: 'jupyter-mlcd:open-config',
  commit: 'jupyter-mlcd:commit',
  setUp: 'jupyter-mlcd:set-up',
  deliver: 'jupyter-mlcd:deliver'
} as const;
