/** What anywidget calls: the views of the side panel inside a notebook's output. */
import * as React from 'react';
import { createRoot } from 'react-dom/client';

import type { IModel } from './model';
import { text } from './model';
import { wordsOf } from './translation';
import { WidgetPlace } from './widget_place';
import { WidgetView } from './widget_view';

/** Milliseconds after which a view says again that it is shown; the kernel forgets it after three. */
const LEASE = 20_000;

const places = new Map<string, WidgetPlace>();

/** Called once per model. */
function initialize({ model }: { model: IModel }): () => void {
  const key = text(model, '_key');
  const place = new WidgetPlace(model, wordsOf(document.documentElement.lang));
  places.set(key, place);
  return () => {
    places.delete(key);
    place.dispose();
  };
}

/** Called once per view. */
function render({ model, el }: { model: IModel; el: HTMLElement }): () => void {
  const place = places.get(text(model, '_key'));
  if (!place) {
    return () => undefined;
  }
  const node = document.createElement('div');
  node.className = 'jp-Mlcd-inNotebook';
  // Keys that are pressed here are not the notebook's.
  node.dataset.lmSuppressShortcuts = 'true';
  el.append(node);
  const root = createRoot(node);
  root.render(<WidgetView place={place} />);
  const stop = sayShown(model, place);
  return () => {
    stop();
    root.unmount();
    node.remove();
  };
}

/** Let the kernel watch for as long as somebody looks. */
function sayShown(model: IModel, place: WidgetPlace): () => void {
  const view = Math.random().toString(36).slice(2);
  const say = (): void => {
    model.send({ kind: document.hidden ? 'hidden' : 'shown', view });
  };
  const onReturn = (): void => {
    say();
    if (!document.hidden) {
      void place.store.refreshAll();
    }
  };
  say();
  const timer = window.setInterval(say, LEASE);
  document.addEventListener('visibilitychange', onReturn);
  return () => {
    window.clearInterval(timer);
    document.removeEventListener('visibilitychange', onReturn);
    model.send({ kind: 'hidden', view });
  };
}

export default { initialize, render };
