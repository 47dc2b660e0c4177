/** One notification per run that was started in this page: its progress, then its verdict. */
import { Notification } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';

import type { Run } from '../api/types';
import { isGreen, isRed } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { Store } from '../store/store';
import type { IHost } from '../views/host';
import { withNames } from '../views/names';
import { countWords, fraction, verdictWord } from '../views/words';

interface INotice {
  readonly id: string;
  readonly watch: IDisposable;
  shown: string;
}

export class RunNotices {
  constructor(
    private readonly _store: Store,
    private readonly _host: IHost
  ) {
    this._store.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  private _onChanged(): void {
    for (const [run, project] of this._store.state.started) {
      if (!this._over.has(run)) {
        this._show(run, project);
      }
    }
  }

  private _show(id: string, project: string): void {
    const resource = resources.run(project, id);
    let notice = this._notices.get(id);
    if (!notice) {
      // Set before watching: watching changes the store, which comes back here.
      notice = {
        id: this._begin(),
        watch: { isDisposed: true, dispose: () => undefined },
        shown: ''
      };
      this._notices.set(id, notice);
      this._notices.set(id, { ...notice, watch: this._store.watch(resource) });
      return;
    }
    const run = known(this._store.read(resource));
    if (!run) {
      return;
    }
    const words = this._words(run);
    const progress = Math.round(fraction(run) * 50) / 50;
    const shown = `${words} ${progress} ${run.state}`;
    if (shown === notice.shown) {
      return;
    }
    notice.shown = shown;
    if (run.state === 'ended') {
      this._end(notice, run, project, words);
    } else {
      Notification.update({ id: notice.id, message: words, progress });
    }
  }

  private _begin(): string {
    const { trans } = this._host;
    return Notification.emit(trans.__('The run starts'), 'in-progress', {
      autoClose: false,
      progress: 0
    });
  }

  private _end(notice: INotice, run: Run, project: string, words: string): void {
    const { trans, open } = this._host;
    this._over.add(run.id);
    const isWhole = run.verdict === 'passed' && !run.partial;
    const type = isWhole ? 'success' : isRed(run.verdict) ? 'error' : 'warning';
    Notification.update({
      id: notice.id,
      message: words,
      type,
      progress: 1,
      autoClose: 8000,
      actions: [
        {
          label: trans.__('See'),
          caption: trans.__('Show the run of %1', run.suite),
          callback: () => open({ kind: 'run', project, run: run.id })
        }
      ]
    });
    notice.watch.dispose();
    this._notices.delete(run.id);
  }

  private _words(run: Run): string {
    const { trans } = this._host;
    const count = countWords(run, trans);
    if (run.state !== 'ended') {
      return trans.__('%1: %2 cases', run.suite, count);
    }
    const verdict = verdictWord(run.state, run.verdict, trans);
    if (isGreen(run.verdict)) {
      const isAll = run.partial ? trans.__('only some of the suite') : '';
      const cases = trans.__('%1 %2: %3 cases', run.suite, verdict, count);
      return [cases, isAll].filter(Boolean).join(', ');
    }
    return trans.__('%1 %2: %3', run.suite, verdict, withNames(run.reason));
  }

  private readonly _notices = new Map<string, INotice>();
  private readonly _over = new Set<string>();
}
