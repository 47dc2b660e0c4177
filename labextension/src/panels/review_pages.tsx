/** The pages of a review: asking for one, and reading it. */
import * as React from 'react';

import type { ReviewPreview } from '../api/types';
import { reviewNeeds, reviewReading } from '../store/reading';
import type { IResource } from '../store/resources';
import * as resources from '../store/resources';
import type { IState } from '../store/store';
import { AskPage } from '../views/ask_page';
import { ReviewView } from '../views/review_page';
import { type Of, Page } from './page';

export class ReviewingPage extends Page<Of<'review'>> {
  protected view(state: IState): React.ReactElement {
    const { project, version } = this.of;
    this.title.label = this.host.trans.__('Review of %1', version);
    return (
      <ReviewView
        project={project}
        version={version}
        status={this.store.read(this.status)}
        evidence={this.store.read(resources.evidence(project))}
        acts={state.acts}
        chooseRun={run => {
          this._run = run;
          this.watchNeeds();
          this.update();
        }}
        {...reviewReading(this.store, project, version, this._run)}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    return reviewNeeds(this.store, this.of.project, this.of.version, this._run);
  }

  /** Whose evidence is read; empty for the first. */
  private _run = '';
}

export class AskingPage extends Page<Of<'ask-review'>> {
  protected view(state: IState): React.ReactElement {
    const { project } = this.of;
    this.title.label = this.host.trans.__('Ask for a review');
    return (
      <AskPage
        project={project}
        environment={this._environment}
        preview={this.store.read(this._preview)}
        status={this.store.read(this.status)}
        acts={state.acts}
        choose={environment => {
          this._environment = environment;
          this.watchNeeds();
          this.update();
        }}
        close={() => (this.parent ?? this).close()}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    return [this._preview, this.status];
  }

  private get _preview(): IResource<ReviewPreview> {
    return resources.reviewPreview(this.of.project, this._environment);
  }

  private _environment = this.of.environment;
}
