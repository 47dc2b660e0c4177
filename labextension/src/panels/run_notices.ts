/** One notification per run of the project that is shown: its progress, then its verdict. */
import { Notification } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';

import type { Run } from '../api/types';
import { liveRuns, statusOf } from '../store/live';
import { isGreen, isRed } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import type { Store } from '../store/store';
import type { IHost } from '../views/host';
import { withNames } from '../views/names';
import { againWords, countWords, fraction, verdictWord } from '../views/words';
import { suiteName } from './status_line';

/** Which runs get a notification. */
export type Wanted = 'every' | 'red' | 'none';

/** What the settings say; asked each time. */
export interface INoticeSettings {
  readonly wanted: () => Wanted;
  /** Called once for each run that ended, with what came of it. */
  readonly ended: (run: Run, words: string, see: () => void) => void;
}

interface INotice {
  /** Id of the notification; empty while there is none. */
  id: string;
  /** Null until it is watched. */
  watch: IDisposable | null;
  shown: string;
}

/** Milliseconds for which the end of a run stands there by itself. */
const SEEN = 8000;

export class RunNotices implements IDisposable {
  constructor(
    private readonly _store: Store,
    private readonly _host: IHost,
    private readonly _settings: INoticeSettings
  ) {
    this._store.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._store.changed.disconnect(this._onChanged, this);
    this._notices.forEach(({ watch }) => watch?.dispose());
  }

  /** Those started here, and those that go on when this page comes to them. */
  private _onChanged(): void {
    const { project, started } = this._store.state;
    const live = liveRuns(statusOf(this._store)).map(run => [run.id, project] as const);
    for (const [run, of] of new Map([...started, ...live])) {
      if (!this._over.has(run)) {
        this._follow(run, of);
      }
    }
  }

  private _follow(id: string, project: string): void {
    const resource = resources.run(project, id);
    const notice = this._notices.get(id);
    if (!notice) {
      // Set before watching: watching changes the store, which comes back here.
      const begun: INotice = { id: '', watch: null, shown: '' };
      this._notices.set(id, begun);
      begun.watch = this._store.watch(resource);
      return;
    }
    const run = known(this._store.read(resource));
    const words = run && this._words(run);
    if (!run || !words) {
      return;
    }
    const progress = Math.round(fraction(run) * 50) / 50;
    const shown = `${words} ${progress} ${run.state}`;
    if (shown !== notice.shown) {
      notice.shown = shown;
      this._show(notice, run, project, words, progress);
    }
  }

  private _show(notice: INotice, run: Run, project: string, words: string, progress: number): void {
    if (run.state === 'ended') {
      this._end(notice, run, project, words);
    } else if (notice.id) {
      Notification.update({ id: notice.id, message: words, progress });
    } else if (this._settings.wanted() === 'every') {
      const actions = [this._seeing(run, project), this._cancelling(run, project)];
      const options = { autoClose: false, progress, actions } as const;
      notice.id = Notification.emit(words, 'in-progress', { ...options, actions });
    }
  }

  private _end(notice: INotice, run: Run, project: string, words: string): void {
    this._over.add(run.id);
    this._notices.delete(run.id);
    const isWhole = run.verdict === 'passed' && (!run.partial || Boolean(run.scored));
    const type = isWhole ? 'success' : isRed(run.verdict) ? 'error' : 'warning';
    const seeing = this._seeing(run, project);
    const options = { progress: 1, autoClose: SEEN, actions: [seeing] } as const;
    const wanted = this._settings.wanted();
    if (notice.id) {
      Notification.update({ id: notice.id, message: words, type, ...options, actions: [seeing] });
    } else if (wanted === 'every' || (wanted === 'red' && isRed(run.verdict))) {
      Notification.emit(words, type, { autoClose: SEEN, actions: [seeing] });
    }
    this._settings.ended(run, words, () => this._see(run, project));
    notice.watch?.dispose();
  }

  private _seeing(run: Run, project: string): Notification.IAction {
    const { trans } = this._host;
    return {
      label: trans.__('See'),
      caption: trans.__('Show the run of %1', suiteName(run.suite)),
      callback: event => {
        event.preventDefault(); // The notification goes on telling how the run stands.
        this._see(run, project);
      }
    };
  }

  private _cancelling(run: Run, project: string): Notification.IAction {
    const { trans, verbs } = this._host;
    return {
      label: trans.__('Cancel'),
      caption: trans.__('Cancel the run of %1', suiteName(run.suite)),
      callback: event => {
        event.preventDefault();
        void verbs.cancel(project, run.id);
      }
    };
  }

  private _see(run: Run, project: string): void {
    this._host.open({ kind: 'run', project, run: run.id });
  }

  private _words(run: Run): string {
    const { trans } = this._host;
    const count = countWords(run, trans);
    const name = run.scored ? againWords(run.scored, trans) : suiteName(run.suite);
    if (run.state !== 'ended') {
      return trans.__('%1: %2 cases', name, count);
    }
    const verdict = verdictWord(run.state, run.verdict, trans);
    if (isGreen(run.verdict)) {
      const isAll = run.partial && !run.scored ? trans.__('only some of the suite') : '';
      const cases = trans.__('%1 %2: %3 cases', name, verdict, count);
      return [cases, isAll].filter(Boolean).join(', ');
    }
    return trans.__('%1 %2: %3', name, verdict, withNames(run.reason));
  }

  private _isDisposed = false;
  private readonly _notices = new Map<string, INotice>();
  private readonly _over = new Set<string>();
}
