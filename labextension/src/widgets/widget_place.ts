/** A notebook's output as the place where our views are shown: one store, one host, one page. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { type ISignal, Signal } from '@lumino/signaling';

import { Client } from '../api/client';
import { draftsIn } from '../store/drafts';
import { marksIn } from '../store/marks';
import * as resources from '../store/resources';
import { Store } from '../store/store';
import { Verbs } from '../store/verbs';
import type { IHost, View } from '../views/host';
import { KernelTransport } from './kernel_transport';
import { type IModel, type ISubject, subjectOf } from './model';

const PAGES = [
  'run',
  'evidence-list',
  'evidence',
  'deliver',
  'review',
  'history',
  'notebook',
  'report'
] as const;

/** A view that a widget can show in its own place; the others need JupyterLab. */
export type WidgetPage = Extract<View, { kind: (typeof PAGES)[number] }>;

/** Lives as long as the widget's model; all its views show the same. */
export class WidgetPlace {
  constructor(model: IModel, trans: TranslationBundle) {
    this.subject = subjectOf(model);
    this._transport = new KernelTransport(model, trans, hint => this.store.heed(hint));
    this._client = new Client(this._transport);
    this.store = new Store(this._client);
    this.store.update({ project: this.subject.project });
    this.host = this._host(trans);
  }

  readonly subject: ISubject;
  readonly store: Store;
  readonly host: IHost;

  /** What was opened, the newest last; empty while the widget shows its subject. */
  get pages(): readonly WidgetPage[] {
    return this._pages;
  }

  /** What cannot be done here, in words; empty when there is nothing to say. */
  get notice(): string {
    return this._notice;
  }

  /** Emitted when another page or notice is shown. */
  get turned(): ISignal<this, void> {
    return this._turned;
  }

  /** Close the newest page. */
  back(): void {
    this._turn(this._pages.slice(0, -1), '');
  }

  say(notice: string): void {
    this._turn(this._pages, notice);
  }

  dispose(): void {
    this._transport.dispose();
    this.store.dispose();
    Signal.clearData(this);
  }

  private _open(view: View, trans: TranslationBundle): void {
    if (isPage(view)) {
      this._turn([...this._pages, view], '');
    } else {
      this.say(elsewhere(view, trans));
    }
  }

  private _turn(pages: readonly WidgetPage[], notice: string): void {
    this._pages = pages;
    this._notice = notice;
    this._turned.emit();
  }

  private _host(trans: TranslationBundle): IHost {
    const { store } = this;
    const verbs = new Verbs(store, () => Promise.resolve());
    return {
      trans,
      verbs: {
        run: (project, request) => verbs.run(project, request),
        cancel: (project, run) => verbs.cancel(project, run),
        keep: (project, run) => verbs.keep(project, run),
        scoreLive: (project, environment, version) =>
          verbs.scoreLive(project, environment, version),
        forget: act => verbs.forget(act),
        show: (project, environment, delivery) => verbs.show(project, environment, delivery),
        // Not from a notebook: the kernel does not answer these either.
        accept: () => this._elsewhere(trans),
        commit: () => this._elsewhere(trans),
        setUp: () => this._elsewhere(trans),
        deliver: () => this._elsewhere(trans),
        rollBack: () => this._elsewhere(trans),
        follow: () => this._elsewhere(trans),
        lookAgain: (project, key) => verbs.lookAgain(project, key)
      },
      // A kernel does not speak for a person.
      reviews: {
        ask: () => this._elsewhere(trans),
        tell: () => this._elsewhere(trans),
        collect: () => this._elsewhere(trans),
        share: () => this._elsewhere(trans),
        comment: () => this._elsewhere(trans),
        reject: () => this._elsewhere(trans),
        approve: () => this._elsewhere(trans),
        waive: () => this._elsewhere(trans),
        takeBack: () => this._elsewhere(trans)
      },
      tidying: {
        allow: () => this._elsewhere(trans),
        erase: () => this._elsewhere(trans),
        prune: () => this._elsewhere(trans)
      },
      watching: {
        start: () => this._not(trans),
        stop: () => this._not(trans),
        hold: () => this._not(trans),
        lift: () => this._not(trans),
        check: () => this._not(trans)
      },
      now: () => new Date(),
      isByPerson: event => event.isTrusted,
      open: view => this._open(view, trans),
      openFile: (_, path) => this.say(trans.__('Open `%1` in the file browser.', path)),
      choose: () => undefined,
      refresh: () => void store.refreshAll(),
      verify: (project, run) => void store.refresh(resources.verification(project, run)),
      picture: (project, run, path) => this._client.showPicture(project, run, path),
      marks: marksIn(window.localStorage),
      drafts: draftsIn(window.localStorage),
      copy: words => void navigator.clipboard.writeText(words),
      ci: null,
      rehearse: () => this._elsewhere(trans).then(() => []),
      inCommands: (project, done) => this._client.inCommands(project, done)
    };
  }

  private async _not(trans: TranslationBundle): Promise<boolean> {
    await this._elsewhere(trans);
    return false;
  }

  private _elsewhere(trans: TranslationBundle): Promise<null> {
    this.say(trans.__('Do that in the Delivery panel or with `jupyter mlcd`.'));
    return Promise.resolve(null);
  }

  private readonly _client: Client;
  private readonly _transport: KernelTransport;
  private _pages: readonly WidgetPage[] = [];
  private _notice = '';
  private readonly _turned = new Signal<this, void>(this);
}

function isPage(view: View): view is WidgetPage {
  return PAGES.some(kind => kind === view.kind);
}

/** Where to do what a notebook's output does not do. */
function elsewhere(view: View, trans: TranslationBundle): string {
  switch (view.kind) {
    case 'commit':
      return trans.__('Commit in the Delivery panel, or with `jupyter mlcd commit`.');
    case 'accept':
      return trans.__('Accept results on the page of the run in the Delivery panel.');
    case 'ask-review':
      return trans.__('Ask for a review in the Delivery panel, or with `jupyter mlcd review ask`.');
    case 'secrets':
      return trans.__('Look at it in the Delivery panel, or with `jupyter mlcd evidence keep`.');
    case 'watch':
      return trans.__('Do it in the Delivery panel, or with `jupyter mlcd watch`.');
    case 'roll-back':
      return trans.__('Roll back in the Delivery panel, or with `jupyter mlcd roll-back`.');
    case 'set-up':
      return trans.__('Set it up in the Delivery panel, or with `jupyter mlcd init`.');
    default:
      return trans.__('Open this in the Delivery panel.');
  }
}
