/** A dialog that stays open until what it asks for is done: nothing typed is lost. */
import { Dialog } from '@jupyterlab/apputils';

import type { IHost } from '../views/host';
import type { StoreWidget } from './store_widget';

/** The form in such a dialog. */
export interface IStaying<T> extends StoreWidget {
  /** Do what is asked for. Null: it was refused, and the form says why. */
  finish: () => Promise<T | null>;
}

interface IStayingWords {
  readonly title: string;
  /** What the button says that does it. */
  readonly verb: string;
  /** Selector of what has the focus first; the text if there is nothing else to say. */
  readonly focus?: string;
}

export class StayingDialog<T> extends Dialog<void> {
  constructor(
    private readonly _form: IStaying<T>,
    words: IStayingWords,
    { trans }: IHost
  ) {
    super({
      title: words.title,
      body: _form,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: words.verb })
      ],
      defaultButton: 1,
      focusNodeSelector: words.focus ?? 'textarea'
    });
    this.addClass('jp-Mlcd-commitDialog');
    this.node.setAttribute('aria-label', words.title);
  }

  /** What came of it; null when it was given up. */
  done: T | null = null;

  /** Enter begins a line of a text and presses a button of the form; else it does what is asked. */
  override handleEvent(event: Event): void {
    const isEnter = event instanceof KeyboardEvent && event.key === 'Enter';
    const { target } = event;
    const isButton = target instanceof HTMLButtonElement && this._form.node.contains(target);
    if (!(isEnter && (isButton || target instanceof HTMLTextAreaElement))) {
      super.handleEvent(event);
    }
  }

  /** Do it first; close only when that is done. */
  override resolve(index = 1): void {
    if (index !== 1) {
      super.resolve(index);
      return;
    }
    void this._form.finish().then(done => {
      if (done) {
        this.done = done;
        super.resolve(index);
      }
    });
  }
}
