/** A notice of the desktop at the end of a run, for those who look at something else meanwhile. */
import { Notification as Notice } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Run } from '../api/types';

/** The part of the browser's own notifications that is used. */
type Desktop = typeof Notification;

export class DesktopNotices {
  /** `desktop` is undefined where the browser has none, as in a page without TLS. */
  constructor(
    private readonly _trans: TranslationBundle,
    private readonly _desktop: Desktop | undefined = window.Notification
  ) {}

  /** Ask the browser, by a button: it answers only to a person's click. */
  askFirst(): void {
    const trans = this._trans;
    if (!this._desktop) {
      Notice.warning(trans.__('This browser shows no desktop notices on this page.'));
    } else if (this._desktop.permission === 'denied') {
      Notice.warning(
        trans.__('The browser refuses desktop notices of this page: allow them in its settings.')
      );
    } else if (this._desktop.permission === 'default') {
      const allow = {
        label: trans.__('Allow…'),
        caption: trans.__('The browser asks whether this page may show notices'),
        callback: () => void this._desktop?.requestPermission()
      };
      Notice.info(trans.__('Desktop notices at the end of a run need the browser’s permission.'), {
        autoClose: false,
        actions: [allow]
      });
    }
  }

  /** Tell the end of a run. Nothing is shown to a person who looks at this page. */
  show(run: Run, words: string, see: () => void): void {
    const isSeen = !document.hidden && document.hasFocus();
    if (isSeen || this._desktop?.permission !== 'granted') {
      return;
    }
    // The same tag in two tabs is one notice.
    const notice = new this._desktop(words, { tag: run.id });
    notice.onclick = () => {
      window.focus();
      notice.close();
      see();
    };
  }
}
