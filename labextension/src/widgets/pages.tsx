/** What each page of a widget shows, and what has to be known for it. */
import * as React from 'react';

import type { Status } from '../api/types';
import { isOver } from '../store/questions';
import {
  evidenceNeeds,
  evidenceReading,
  reviewNeeds,
  reviewOfRun,
  reviewReading
} from '../store/reading';
import { known } from '../store/remote';
import type { IResource } from '../store/resources';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import { DeliverPage } from '../views/deliver_page';
import { EvidenceList } from '../views/evidence_list';
import { EvidenceView } from '../views/evidence_view';
import { HistoryPage } from '../views/history_page';
import { useHost } from '../views/host';
import { ReviewView } from '../views/review_page';
import { type IReviewing, reviewingOf } from '../views/reviewing';
import { RunView } from '../views/run_view';
import { StillPage } from '../views/still_page';
import { Confirming } from './confirming';
import type { WidgetPage, WidgetPlace } from './widget_place';

/** What has to be known to show a page. */
export function needsOf(page: WidgetPage, store: Store): IResource<unknown>[] {
  const { project } = page;
  const status = resources.status(project);
  switch (page.kind) {
    case 'run':
      return [resources.run(project, page.run), status];
    case 'evidence-list':
      return [resources.evidence(project), status];
    case 'evidence':
      return evidenceNeeds(store, project, page.run);
    case 'deliver': {
      const key = deliveryOf(page, store);
      const shown = key
        ? [resources.delivery(project, key)]
        : [
            resources.preview(project, page.environment),
            resources.releaseChanges(project, '', page.environment)
          ];
      return [...shown, status];
    }
    case 'review':
      return reviewNeeds(store, project, page.version, '');
    case 'history':
      return [
        resources.deliveries(project, page.environment, 0),
        resources.figures(project, page.environment)
      ];
    case 'notebook':
      return [resources.notebook(project, page.run, page.index)];
    case 'report':
      return [reportOf(page)];
    default:
      return [status];
  }
}

interface IPageProps {
  readonly page: WidgetPage;
  readonly place: WidgetPlace;
  readonly state: IState;
}

/** One opened page. */
export function Page({ page, place, state }: IPageProps): React.ReactElement | null {
  const { store } = place;
  const { trans } = useHost();
  const { project } = page;
  const status = store.read(resources.status(project));
  switch (page.kind) {
    case 'run': {
      const run = store.read(resources.run(project, page.run));
      return <RunView project={project} run={run} status={status} acts={state.acts} />;
    }
    case 'evidence-list':
      return (
        <EvidenceList
          project={project}
          name={known(status)?.project.name ?? ''}
          evidence={store.read(resources.evidence(project))}
        />
      );
    case 'evidence':
      return (
        <EvidenceView
          project={project}
          run={page.run}
          manifest={store.read(resources.manifest(project, page.run))}
          verification={store.read(resources.verification(project, page.run))}
          status={status}
          evidence={store.read(resources.evidence(project))}
          reading={evidenceReading(store, project, page.run)}
          reviewing={readOnly(store, project, page.run)}
        />
      );
    case 'deliver':
      return <Delivering page={page} place={place} state={state} />;
    case 'review':
      return (
        <ReviewView
          project={project}
          version={page.version}
          status={status}
          evidence={store.read(resources.evidence(project))}
          acts={state.acts}
          chooseRun={() => place.say(trans.__('Open this in the Delivery panel.'))}
          elsewhere={trans.__(
            'A notebook does not speak for a person: comment, approve and ask for changes in the Delivery panel, or with `jupyter mlcd review`.'
          )}
          {...reviewReading(store, project, page.version, '')}
        />
      );
    case 'history':
      return (
        <HistoryPage
          project={project}
          environment={page.environment}
          deliveries={store.read(resources.deliveries(project, page.environment, 0))}
          figures={store.read(resources.figures(project, page.environment))}
          turn={() => place.say(trans.__('Older deliveries are listed in the Delivery panel.'))}
        />
      );
    case 'notebook': {
      const label = trans.__('Executed notebook %1', page.title);
      const still = store.read(resources.notebook(project, page.run, page.index));
      return <StillPage label={label} page={still} cell={page.cell ?? null} />;
    }
    case 'report': {
      const report = store.read(reportOf(page));
      return <StillPage label={trans.__('Report')} page={report} cell={null} />;
    }
    default:
      return null;
  }
}

/** The review that evidence belongs to, to be read. */
function readOnly(store: Store, project: string, run: string): IReviewing | null {
  const review = reviewOfRun(store, project, run);
  return reviewingOf(project, review && known(store.read(review)), new Map(), false);
}

/** Of a version a report is a page of the panel; a kernel is asked for one of a run. */
function reportOf(page: Extract<WidgetPage, { kind: 'report' }>): IResource<string> {
  const { project, run, version } = page;
  return version ? resources.reviewReport(project, version) : resources.report(project, run);
}

type DeliverView = Extract<WidgetPage, { kind: 'deliver' }>;

function Delivering(props: IPageProps & { page: DeliverView }): React.ReactElement {
  const { page, place, state } = props;
  const { store } = place;
  const { project, environment } = page;
  const key = deliveryOf(page, store);
  return (
    <DeliverPage
      project={project}
      environment={environment}
      preview={store.read(resources.preview(project, environment))}
      changes={store.read(resources.releaseChanges(project, '', environment))}
      status={store.read(resources.status(project))}
      delivery={key ? store.read(resources.delivery(project, key)) : null}
      acts={state.acts}
      close={() => place.back()}
      foot={<Confirming preview={known(store.read(resources.preview(project, environment)))} />}
    />
  );
}

/** The delivery that was asked for or that goes on; empty when there is none. */
function deliveryOf(page: DeliverView, store: Store): string {
  const status: Status | null = known(store.read(resources.status(page.project)));
  const rung = status?.environments.find(one => one.name === page.environment);
  const newest = rung?.delivery;
  return page.delivery ?? (newest && !isOver(newest.state) ? newest.key : '');
}
