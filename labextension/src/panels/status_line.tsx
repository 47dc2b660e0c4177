/** One line at the bottom: what runs, or how the newest run ended. A click opens the panel. */
import * as React from 'react';

import type { Run } from '../api/types';
import { liveRuns, newestRun, statusOf } from '../store/live';
import type { Store } from '../store/store';
import { notebookName } from '../views/format';
import type { IHost } from '../views/host';
import { useHost } from '../views/host';
import { Mark } from '../views/mark';
import { withNames } from '../views/names';
import { againWords, countWords, shapeOf, verdictWord } from '../views/words';
import { StoreWidget } from './store_widget';

export class StatusLine extends StoreWidget {
  constructor(
    store: Store,
    host: IHost,
    private readonly _show: () => void
  ) {
    super(store, host);
    this.id = 'jupyter-mlcd-status-line';
    this.addClass('jp-Mlcd-statusLine');
  }

  /** Whether there is anything to say. */
  get isNeeded(): boolean {
    return newestRun(statusOf(this.store)) !== null;
  }

  protected view(): React.ReactElement {
    const status = statusOf(this.store);
    const live = liveRuns(status);
    const run = live[0] ?? newestRun(status);
    return run ? <Line run={run} more={live.length - 1} show={this._show} /> : <></>;
  }

  /** The project that is shown is watched anyway. */
  protected needs(): [] {
    return [];
  }
}

interface ILineProps {
  readonly run: Run;
  /** How many other runs go on. */
  readonly more: number;
  readonly show: () => void;
}

function Line({ run, more, show }: ILineProps): React.ReactElement {
  const { trans } = useHost();
  const verdict = verdictWord(run.state, run.verdict, trans);
  const name = run.scored ? againWords(run.scored, trans) : suiteName(run.suite);
  const live = trans.__('%1: %2 cases', name, countWords(run, trans));
  const others = more > 0 ? trans._n('and %1 more', 'and %1 more', more) : '';
  const words = run.state === 'ended' ? trans.__('%1: %2', name, verdict) : live;
  return (
    <button
      type="button"
      className="jp-Mlcd jp-Mlcd-line"
      data-state={run.state}
      title={withNames(run.reason) || trans.__('Show the Delivery panel')}
      onClick={show}
    >
      <Mark shape={shapeOf(run.state, run.verdict)} label={verdict} />
      <span>{[words, others].filter(Boolean).join(' ')}</span>
    </button>
  );
}

/** A suite's name as it is; notebooks that ran alone without their folders and endings. */
export function suiteName(suite: string): string {
  return suite.split(', ').map(notebookName).join(', ');
}
