/** Our section of JupyterLab's list of what runs: each run with its cases, and how to cancel it. */
import type { IRunningSessions } from '@jupyterlab/running';
import { notebookIcon } from '@jupyterlab/ui-components';
import { type ISignal, Signal } from '@lumino/signaling';

import type { CaseResult, Run } from '../api/types';
import { mlcdIcon } from '../icons';
import { liveRuns, statusOf } from '../store/live';
import * as resources from '../store/resources';
import type { Store } from '../store/store';
import type { IHost } from '../views/host';
import { caseTitle } from '../views/names';
import { countWords, verdictWord } from '../views/words';
import { suiteName } from './status_line';

export class RunningRuns implements IRunningSessions.IManager {
  constructor(
    private readonly _store: Store,
    private readonly _host: IHost
  ) {
    const { trans } = _host;
    this.name = trans.__('Test runs');
    this.shutdownLabel = trans.__('Cancel');
    this.shutdownAllLabel = trans.__('Cancel All');
    this.shutdownAllConfirmationText = trans.__('Cancel every test run of this project?');
    _store.changed.connect(this._onChanged, this);
  }

  readonly name: string;
  readonly supportsMultipleViews = true;
  readonly shutdownLabel: string;
  readonly shutdownAllLabel: string;
  readonly shutdownAllConfirmationText: string;

  /** Emitted when what is listed reads differently. */
  get runningChanged(): ISignal<this, void> {
    return this._runningChanged;
  }

  running(options: { mode: 'tree' | 'list' }): IRunningSessions.IRunningItem[] {
    return this._live().map(run => ({
      ...this._entry(run),
      ...(options.mode === 'tree' ? { children: run.cases.map(one => this._case(run, one)) } : {})
    }));
  }

  refreshRunning(): void {
    const { project } = this._store.state;
    if (project) {
      void this._store.refresh(resources.status(project));
    }
  }

  shutdownAll(): void {
    this._live().forEach(run => this._cancel(run));
  }

  private _live(): Run[] {
    return liveRuns(statusOf(this._store));
  }

  private _entry(run: Run): IRunningSessions.IRunningItem {
    const { trans } = this._host;
    return {
      className: 'jp-Mlcd-running',
      icon: () => mlcdIcon,
      label: () => suiteName(run.suite),
      labelTitle: () => trans.__('Show the run of %1', suiteName(run.suite)),
      detail: () => trans.__('%1 cases', countWords(run, trans)),
      open: () => this._open(run),
      shutdown: () => this._cancel(run)
    };
  }

  private _case(run: Run, result: CaseResult): IRunningSessions.IRunningItem {
    const { trans } = this._host;
    const { state, verdict, position, total } = result;
    const isIn = state === 'running' && position > 0 && total > 0;
    return {
      className: 'jp-Mlcd-running',
      icon: () => notebookIcon,
      label: () => caseTitle(result),
      detail: () =>
        isIn ? trans.__('cell %1 of %2', position, total) : verdictWord(state, verdict, trans),
      open: () => this._open(run)
    };
  }

  private _open(run: Run): void {
    this._host.open({ kind: 'run', project: this._store.state.project, run: run.id });
  }

  private _cancel(run: Run): void {
    void this._host.verbs.cancel(this._store.state.project, run.id);
  }

  private _onChanged(): void {
    const shown = JSON.stringify(
      this._live().map(({ id, cases }) => [
        id,
        cases.map(({ state, verdict, position }) => [state, verdict, position])
      ])
    );
    if (shown !== this._shown) {
      this._shown = shown;
      this._runningChanged.emit();
    }
  }

  private _shown = '[]';
  private readonly _runningChanged = new Signal<this, void>(this);
}
