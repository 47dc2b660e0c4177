/** One view of a widget: its subject, or the page that was opened in it. */
import { DisposableSet } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

import type { IResource } from '../store/resources';
import type { Store } from '../store/store';
import { HostContext, useHost } from '../views/host';
import { Button, Sentence } from '../views/parts';
import { Page, needsOf } from './pages';
import { Subject, needsOfSubject } from './subjects';
import type { WidgetPlace } from './widget_place';

export function WidgetView({ place }: { place: WidgetPlace }): React.ReactElement {
  const { store } = place;
  const state = useSignalled(store.changed, () => store.state);
  const pages = useSignalled(place.turned, () => place.pages);
  const notice = useSignalled(place.turned, () => place.notice);
  const page = pages.at(-1);
  useWatched(store, page ? needsOf(page, store) : needsOfSubject(place.subject, store));
  return (
    <HostContext.Provider value={place.host}>
      {(page ?? notice) && <Head place={place} hasPage={page !== undefined} notice={notice} />}
      {page ? (
        <Page page={page} place={place} state={state} />
      ) : (
        <Subject place={place} state={state} />
      )}
    </HostContext.Provider>
  );
}

function Head(props: { place: WidgetPlace; hasPage: boolean; notice: string }): React.ReactElement {
  const { place, hasPage, notice } = props;
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd jp-Mlcd-row jp-Mlcd-widget-head">
      {hasPage && (
        <Button small onClick={() => place.back()}>
          {trans.__('Back')}
        </Button>
      )}
      <span className="jp-Mlcd-grow" role="status">
        <Sentence text={notice} />
      </span>
      {notice && (
        <Button small onClick={() => place.say('')}>
          {trans.__('Dismiss')}
        </Button>
      )}
    </div>
  );
}

function useSignalled<T>(signal: ISignal<unknown, void>, read: () => T): T {
  const subscribe = React.useCallback(
    (again: () => void) => {
      signal.connect(again);
      return () => void signal.disconnect(again);
    },
    [signal]
  );
  return React.useSyncExternalStore(subscribe, read);
}

/** Watch resources for as long as they are needed. */
function useWatched(store: Store, needs: readonly IResource<unknown>[]): void {
  const keys = needs.map(resource => resource.key).join('\n');
  const newest = React.useRef(needs);
  newest.current = needs;
  React.useEffect(() => {
    const watches = new DisposableSet();
    newest.current.forEach(resource => watches.add(store.watch(resource)));
    return () => watches.dispose();
  }, [store, keys]);
}
