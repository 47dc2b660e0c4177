/** The page of what delivers by itself. */
import * as React from 'react';

import type { IResource } from '../store/resources';
import * as resources from '../store/resources';
import type { IState } from '../store/store';
import { WatchView } from '../views/watch_view';
import { type Of, Page } from './page';

export class WatchPage extends Page<Of<'watch'>> {
  protected view(state: IState): React.ReactElement {
    const { project } = this.of;
    this.title.label = this.host.trans.__('Delivered by itself');
    return (
      <WatchView
        project={project}
        watch={this.store.read(resources.watch(project))}
        status={this.store.read(this.status)}
        acts={state.acts}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    return [resources.watch(this.of.project), this.status];
  }
}
