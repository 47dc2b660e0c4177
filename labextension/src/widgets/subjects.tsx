/** What a widget shows before anything is opened in it. */
import * as React from 'react';

import type { Status } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { IResource } from '../store/resources';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import { useHost } from '../views/host';
import { Environment } from '../views/panel_live';
import { Suite } from '../views/panel_suites';
import { Button, FailedActs, ProblemBox, Skeleton } from '../views/parts';
import type { ISubject } from './model';
import { Page, needsOf } from './pages';
import type { WidgetPage, WidgetPlace } from './widget_place';

/** What has to be known to show a subject. */
export function needsOfSubject(subject: ISubject, store: Store): IResource<unknown>[] {
  const status = resources.status(subject.project);
  const page = pageOf(subject, known(store.read(status)));
  return page ? needsOf(page, store) : [status];
}

/** Evidence and deliveries are pages of their own; suites and environments are parts of the panel. */
function pageOf(subject: ISubject, status: Status | null): WidgetPage | null {
  const { kind, project, name } = subject;
  switch (kind) {
    case 'evidence':
      return name ? { kind, project, run: name } : { kind: 'evidence-list', project };
    case 'deliver': {
      const environment = name || (status?.deliver?.environment ?? '');
      return environment ? { kind, project, environment } : null;
    }
    default:
      return null;
  }
}

export function Subject(props: { place: WidgetPlace; state: IState }): React.ReactElement {
  const { place, state } = props;
  const { subject, store } = place;
  const remote = store.read(resources.status(subject.project));
  const status = known(remote);
  const page = pageOf(subject, status);
  if (page) {
    return <Page page={page} place={place} state={state} />;
  }
  return (
    <div className="jp-Mlcd jp-Mlcd-subject">
      <NotNow remote={remote} />
      {status ? (
        <Known {...props} status={status} />
      ) : (
        problemIn(remote) === null && <Skeleton lines={3} />
      )}
    </div>
  );
}

function Known(props: { place: WidgetPlace; state: IState; status: Status }): React.ReactElement {
  const { status, state, place } = props;
  const { trans } = useHost();
  return (
    <>
      {status.problem && <ProblemBox problem={status.problem} />}
      <FailedActs acts={state.acts} isShown={() => true} />
      {place.subject.kind === 'suite' && (
        <OneSuite status={status} name={place.subject.name} state={state} />
      )}
      {place.subject.kind === 'environments' && <Environments status={status} />}
      {place.subject.kind === 'deliver' && !status.problem && (
        <p className="jp-Mlcd-secondary">
          {trans.__('There is nowhere to deliver to yet: mlcd.toml names no environment.')}
        </p>
      )}
    </>
  );
}

function OneSuite(props: { status: Status; name: string; state: IState }): React.ReactElement {
  const { status, name, state } = props;
  const { trans } = useHost();
  const suite = status.suites.find(one => one.name === name) ?? null;
  const run = suite?.run ?? status.runs.find(one => one.suite === name) ?? null;
  if (!suite && !run) {
    return (
      <p className="jp-Mlcd-secondary">{trans.__('There is no suite %1 in mlcd.toml.', name)}</p>
    );
  }
  return <Suite status={status} suite={suite} run={run} acts={state.acts} />;
}

function Environments({ status }: { status: Status }): React.ReactElement {
  const { trans } = useHost();
  const { environments } = status;
  return (
    <section aria-label={trans.__('Where it is live')}>
      <h3>{trans.__('Where it is live')}</h3>
      {environments.length === 0 && (
        <div className="jp-Mlcd-secondary">{trans.__('nowhere yet')}</div>
      )}
      <ul className="jp-Mlcd-rows">
        {environments.map(environment => (
          <Environment key={environment.name} status={status} environment={environment} />
        ))}
      </ul>
    </section>
  );
}

function NotNow({ remote }: { remote: Remote<unknown> }): React.ReactElement | null {
  const { trans, refresh } = useHost();
  const problem = problemIn(remote);
  return problem ? (
    <ProblemBox problem={problem}>
      <Button small onClick={refresh}>
        {trans.__('Try again')}
      </Button>
    </ProblemBox>
  ) : null;
}
