/** What all pages of the main area have in common. */
import type { Status } from '../api/types';
import { mlcdIcon } from '../icons';
import { reviewOfRun } from '../store/reading';
import { known } from '../store/remote';
import type { IResource } from '../store/resources';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import type { IHost, View } from '../views/host';
import { type IReviewing, reviewingOf } from '../views/reviewing';
import { StoreWidget } from './store_widget';

/** A view that can be a page; the others are dialogs. */
export type PageView = Exclude<View, { kind: 'commit' | 'accept' }>;
export type Of<K extends PageView['kind']> = Extract<PageView, { kind: K }>;

export abstract class Page<V extends PageView> extends StoreWidget {
  constructor(
    protected readonly of: V,
    store: Store,
    host: IHost
  ) {
    super(store, host);
    this.title.icon = mlcdIcon;
  }

  /** The review that a run's evidence belongs to. */
  protected reviewing(state: IState, run: string): IReviewing | null {
    const { project } = this.of;
    const review = reviewOfRun(this.store, project, run);
    return reviewingOf(project, review && known(this.store.read(review)), state.acts, true);
  }

  protected get status(): IResource<Status> {
    return resources.status(this.of.project);
  }
}
