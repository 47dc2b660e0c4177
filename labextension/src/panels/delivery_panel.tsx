/** The side panel. */
import * as React from 'react';

import { mlcdIcon } from '../icons';
import { IDLE } from '../store/remote';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import type { IHost } from '../views/host';
import { Panel } from '../views/panel';
import { StoreWidget } from './store_widget';

export class DeliveryPanel extends StoreWidget {
  constructor(store: Store, host: IHost) {
    super(store, host);
    this.id = 'jupyter-mlcd-delivery';
    this.addClass('jp-Mlcd-side');
    this.title.icon = mlcdIcon;
    this.title.caption = host.trans.__('Delivery');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', host.trans.__('Delivery'));
  }

  protected view(state: IState): React.ReactElement {
    return (
      <>
        <Panel
          projects={this.store.read(resources.projects(state.path))}
          status={state.project ? this.store.read(resources.status(state.project)) : IDLE}
          acts={state.acts}
        />
        {state.isUnheard && (
          <p className="jp-Mlcd jp-Mlcd-secondary jp-Mlcd-unheard" role="note">
            {this.host.trans.__(
              'Live updates do not reach this page: it asks every few seconds while something runs.'
            )}
          </p>
        )}
      </>
    );
  }

  protected needs(state: IState): ReturnType<StoreWidget['needs']> {
    return state.project ? [resources.status(state.project)] : [];
  }
}
