/** A widget that shows the store: it watches what it needs while it can be seen. */
import { ReactWidget } from '@jupyterlab/ui-components';
import { DisposableSet } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import type { IResource } from '../store/resources';
import type { IState, Store } from '../store/store';
import { HostContext, type IHost } from '../views/host';

/** Base of all our panels. */
export abstract class StoreWidget extends ReactWidget {
  constructor(
    protected readonly store: Store,
    protected readonly host: IHost
  ) {
    super();
    this.addClass('jp-Mlcd-widget');
    this.store.changed.connect(this._onChanged, this);
  }

  override dispose(): void {
    this.store.changed.disconnect(this._onChanged, this);
    this._watches.dispose();
    super.dispose();
  }

  protected override render(): React.ReactElement {
    const host = { ...this.host, refresh: this._refresh };
    return <HostContext.Provider value={host}>{this.view(this.store.state)}</HostContext.Provider>;
  }

  /** The view of a state. */
  protected abstract view(state: IState): React.ReactElement;

  /** What has to be known for that view, as far as the state tells now. */
  protected abstract needs(state: IState): IResource<unknown>[];

  /** Who is led here by the keyboard goes on from here, also in the side panel. */
  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    const { activeElement } = document;
    if (activeElement === this.node || !this.node.contains(activeElement)) {
      this._takeFocus();
    }
  }

  /** What had the focus may be gone afterwards, or come only now: it stays near, and is not lost. */
  protected override onUpdateRequest(message: Message): void {
    const hadFocus = this.node.contains(document.activeElement);
    super.onUpdateRequest(message);
    if (hadFocus) {
      void this.renderPromise?.then(() => {
        const { activeElement, body } = document;
        if ((activeElement === body || activeElement === this.node) && this.isVisible) {
          this._takeFocus();
        }
      });
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.watchNeeds();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this.watchNeeds();
    }
  }

  protected override onBeforeHide(message: Message): void {
    super.onBeforeHide(message);
    this._stopWatching();
  }

  private _onChanged(): void {
    if (this.isVisible) {
      this.watchNeeds();
    }
    this.update();
  }

  /** Watch what the view needs now, and nothing else. */
  protected watchNeeds(): void {
    const needs = this.needs(this.store.state);
    const keys = needs.map(resource => resource.key).join('\n');
    if (keys === this._watched) {
      return;
    }
    this._watched = keys;
    const before = this._watches;
    const next = new DisposableSet();
    this._watches = next;
    for (const resource of needs) {
      next.add(this.store.watch(resource));
    }
    before.dispose();
  }

  private _stopWatching(): void {
    this._watched = '';
    this._watches.dispose();
    this._watches = new DisposableSet();
  }

  /** A page that is read by keys hears them only inside. */
  private _takeFocus(): void {
    const inner = this.node.querySelector<HTMLElement>(':scope > [tabindex="-1"]');
    this.node.tabIndex = -1;
    (inner ?? this.node).focus({ preventScroll: true });
  }

  private readonly _refresh = (): void => {
    for (const resource of this.needs(this.store.state)) {
      void this.store.refresh(resource);
    }
    this.host.refresh();
  };

  private _watched = '';
  private _watches = new DisposableSet();
}
