/** The page of what stands in the way of keeping a run. */
import * as React from 'react';

import type { IResource } from '../store/resources';
import * as resources from '../store/resources';
import type { IState } from '../store/store';
import { SecretsView } from '../views/secrets_view';
import { type Of, Page } from './page';

export class SecretsPage extends Page<Of<'secrets'>> {
  protected view(state: IState): React.ReactElement {
    const { project, run } = this.of;
    this.title.label = this.host.trans.__('Keeping a run');
    return (
      <SecretsView
        project={project}
        run={this.store.read(resources.run(project, run))}
        found={this.store.read(resources.secrets(project, run))}
        status={this.store.read(this.status)}
        acts={state.acts}
        close={() => (this.parent ?? this).close()}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    const { project, run } = this.of;
    return [resources.secrets(project, run), resources.run(project, run), this.status];
  }
}
