/** What opens in the main area: a run, evidence, the Deliver page, an executed notebook. */
import * as React from 'react';

import type { Deliveries, Figures, Preview, SetUpChoices, SetUpDone } from '../api/types';
import { actName } from '../store/acts';
import { isOver, isRed } from '../store/questions';
import { evidenceNeeds, evidenceReading, reviewOfRun } from '../store/reading';
import { IDLE, known } from '../store/remote';
import type { IResource } from '../store/resources';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import { DeliverPage } from '../views/deliver_page';
import { EvidenceList } from '../views/evidence_list';
import { EvidenceView } from '../views/evidence_view';
import { HistoryPage } from '../views/history_page';
import type { IHost } from '../views/host';
import { ExecutedNotebook } from '../views/executed_notebook';
import { RollBackPage } from '../views/roll_back_page';
import { StillPage } from '../views/still_page';
import { RunView, isBlocked } from '../views/run_view';
import { SetUpView } from '../views/set_up_view';
import { type Of, Page, type PageView } from './page';
import { AskingPage, ReviewingPage } from './review_pages';
import type { StoreWidget } from './store_widget';
import { SecretsPage } from './tidy_pages';
import { WatchPage } from './watch_page';

export type { PageView };

/** Make the page of a view. */
export function makePage(view: PageView, store: Store, host: IHost): StoreWidget {
  switch (view.kind) {
    case 'run':
      return new RunPage(view, store, host);
    case 'secrets':
      return new SecretsPage(view, store, host);
    case 'watch':
      return new WatchPage(view, store, host);
    case 'evidence-list':
      return new EvidenceListPage(view, store, host);
    case 'evidence':
      return new EvidencePage(view, store, host);
    case 'deliver':
      return new DeliveringPage(view, store, host);
    case 'roll-back':
      return new RollingBackPage(view, store, host);
    case 'review':
      return new ReviewingPage(view, store, host);
    case 'ask-review':
      return new AskingPage(view, store, host);
    case 'history':
      return new PastPage(view, store, host);
    case 'notebook':
      return new ExecutedPage(view, store, host);
    case 'report':
      return new ReportPage(view, store, host);
    case 'set-up':
      return new SetUpPage(view, store, host);
  }
}

/** The same for the same view, so that it opens once. */
export function pageId(view: PageView): string {
  const { kind, project } = view;
  const rest = {
    run: 'run' in view ? view.run : '',
    secrets: 'run' in view ? view.run : '',
    'evidence-list': '',
    watch: '',
    evidence: 'run' in view ? view.run : '',
    deliver: 'environment' in view ? view.environment : '',
    'roll-back': 'environment' in view ? view.environment : '',
    review: 'version' in view ? view.version : '',
    'ask-review': 'environment' in view ? view.environment : '',
    history: 'environment' in view ? view.environment : '',
    notebook: 'index' in view ? `${view.run}-${view.index}-${view.cell ?? ''}` : '',
    report: view.kind === 'report' ? view.run || (view.version ?? '') : '',
    'set-up': ''
  }[kind];
  return `jupyter-mlcd-${kind}-${project}-${rest}`.replace(/[^\w-]/g, '_');
}

class RunPage extends Page<Of<'run'>> {
  protected view(state: IState): React.ReactElement {
    const { project, run } = this.of;
    const remote = this.store.read(resources.run(project, run));
    const suite = known(remote)?.suite;
    this.title.label = suite ? this.host.trans.__('Run of %1', suite) : this.host.trans.__('Run');
    return (
      <RunView
        project={project}
        run={remote}
        status={this.store.read(this.status)}
        acts={state.acts}
        log={{
          remote: this.store.read(resources.log(project, run)),
          isOpen: this._isLogOpen(),
          turn: isOpen => this._turnLog(isOpen)
        }}
        secrets={this.store.read(resources.secrets(project, run))}
      />
    );
  }

  protected needs(state: IState): IResource<unknown>[] {
    const { project, run } = this.of;
    const act = state.acts.get(actName.keep(project, run));
    const secrets = isBlocked(act) ? [resources.secrets(project, run)] : [];
    const log = this._isLogOpen() ? [resources.log(project, run)] : [];
    return [resources.run(project, run), this.status, ...log, ...secrets];
  }

  /** Open while it goes on or is red; one that turns green stays as it is: nothing jumps. */
  private _isLogOpen(): boolean {
    const run = known(this.store.read(resources.run(this.of.project, this.of.run)));
    if (run && this._log === null) {
      this._log = run.state !== 'ended' || isRed(run.verdict);
    }
    return this._log ?? false;
  }

  private _turnLog(isOpen: boolean): void {
    this._log = isOpen;
    this.watchNeeds();
    this.update();
  }

  /** Null until the run is known. */
  private _log: boolean | null = null;
}

class EvidenceListPage extends Page<Of<'evidence-list'>> {
  protected view(state: IState): React.ReactElement {
    const name = known(this.store.read(this.status))?.project.name ?? '';
    this.title.label = this.host.trans.__('Evidence');
    return (
      <EvidenceList
        project={this.of.project}
        name={name}
        evidence={this.store.read(resources.evidence(this.of.project))}
        verified={run => known(this.store.read(resources.verification(this.of.project, run)))}
        tidy={{
          plan: this.store.read(resources.pruning(this.of.project)),
          isOpen: this._isCleaning,
          turn: isOpen => {
            this._isCleaning = isOpen;
            this.watchNeeds();
            this.update();
          },
          acts: state.acts
        }}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    const plan = this._isCleaning ? [resources.pruning(this.of.project)] : [];
    return [resources.evidence(this.of.project), this.status, ...plan];
  }

  private _isCleaning = false;
}

class EvidencePage extends Page<Of<'evidence'>> {
  protected view(state: IState): React.ReactElement {
    const { project, run } = this.of;
    const manifest = this.store.read(resources.manifest(project, run));
    const suite = known(manifest)?.run.suite;
    const { trans } = this.host;
    this.title.label = suite ? trans.__('Evidence of %1', suite) : trans.__('Evidence');
    return (
      <EvidenceView
        project={project}
        run={run}
        manifest={manifest}
        verification={this.store.read(resources.verification(project, run))}
        status={this.store.read(this.status)}
        evidence={this.store.read(resources.evidence(project))}
        reading={evidenceReading(this.store, project, run)}
        reviewing={this.reviewing(state, run)}
        tidy={{
          plan: this.store.read(resources.erasure(project, run)),
          isOpen: this._isErasing,
          turn: isOpen => {
            this._isErasing = isOpen;
            this.watchNeeds();
            this.update();
          },
          acts: state.acts
        }}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    const { project, run } = this.of;
    const plan = this._isErasing ? [resources.erasure(project, run)] : [];
    return [...evidenceNeeds(this.store, project, run), ...plan];
  }

  private _isErasing = false;
}

class DeliveringPage extends Page<Of<'deliver'>> {
  protected view(state: IState): React.ReactElement {
    const { project, environment } = this.of;
    this.title.label = this.host.trans.__('Deliver to %1', environment);
    const key = this._delivery(state);
    return (
      <DeliverPage
        project={project}
        environment={environment}
        preview={this.store.read(resources.preview(project, environment))}
        changes={this.store.read(resources.releaseChanges(project, '', environment))}
        status={this.store.read(this.status)}
        delivery={key ? this.store.read(resources.delivery(project, key)) : null}
        acts={state.acts}
        close={() => (this.parent ?? this).close()}
      />
    );
  }

  protected needs(state: IState): IResource<unknown>[] {
    const { project, environment } = this.of;
    const key = this._delivery(state);
    // A preview is for confirming; while a delivery is shown, none is asked for.
    const shown = key
      ? [resources.delivery(project, key)]
      : [
          resources.preview(project, environment),
          resources.releaseChanges(project, '', environment)
        ];
    return [...shown, this.status];
  }

  /** The delivery that was confirmed in this page or that goes on; empty when there is none. */
  private _delivery(state: IState): string {
    const { project, environment } = this.of;
    const confirmed = state.confirmed.get(`${project}:${environment}`);
    const rungs = known(this.store.read(this.status))?.environments ?? [];
    const newest = rungs.find(rung => rung.name === environment)?.delivery;
    return confirmed ?? (newest && !isOver(newest.state) ? newest.key : '');
  }
}

class RollingBackPage extends Page<Of<'roll-back'>> {
  protected view(state: IState): React.ReactElement {
    const { project, environment } = this.of;
    this.title.label = this.host.trans.__('Roll back %1', environment);
    return (
      <RollBackPage
        project={project}
        environment={environment}
        preview={this.store.read(this._preview)}
        status={this.store.read(this.status)}
        acts={state.acts}
        choose={version => {
          this._version = version;
          this.update();
        }}
        confirm={(preview, why) => void this._confirm(preview, why)}
        close={() => this._close()}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    return [this._preview, this.status];
  }

  private get _preview(): IResource<Preview> {
    const { project, environment } = this.of;
    return resources.previewRollBack(project, environment, this._version);
  }

  /** How it goes on is shown where every delivery is. */
  private async _confirm(preview: Preview, why: string): Promise<void> {
    const { project, environment } = this.of;
    const delivery = await this.host.verbs.rollBack(project, preview, why);
    if (delivery) {
      this.host.open({ kind: 'deliver', project, environment, delivery: delivery.key });
      this._close();
    }
  }

  private _close(): void {
    (this.parent ?? this).close();
  }

  private _version = this.of.version ?? '';
}

class PastPage extends Page<Of<'history'>> {
  protected view(): React.ReactElement {
    const { project, environment } = this.of;
    this.title.label = this.host.trans.__('History of %1', environment);
    return (
      <HistoryPage
        project={project}
        environment={environment}
        deliveries={this.store.read(this._deliveries)}
        figures={this.store.read(this._figures)}
        turn={page => {
          this._page = page;
          this.update();
        }}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    return [this._deliveries, this._figures];
  }

  private get _figures(): IResource<Figures> {
    return resources.figures(this.of.project, this.of.environment);
  }

  private get _deliveries(): IResource<Deliveries> {
    return resources.deliveries(this.of.project, this.of.environment, this._page);
  }

  private _page = 0;
}

class ExecutedPage extends Page<Of<'notebook'>> {
  protected view(state: IState): React.ReactElement {
    const { project, run, index, title, cell } = this.of;
    const page = this.store.read(resources.notebook(project, run, index));
    this.title.label = title;
    const label = this.host.trans.__('Executed notebook %1', title);
    return (
      <ExecutedNotebook
        label={label}
        project={
          known(this.store.read(this.status))?.project ?? { id: project, name: '', path: '' }
        }
        page={page}
        run={this.store.read(resources.run(project, run))}
        index={index}
        cell={cell ?? null}
        reviewing={this.reviewing(state, run)}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    const { project, run, index } = this.of;
    const review = reviewOfRun(this.store, project, run);
    return [
      resources.notebook(project, run, index),
      resources.run(project, run),
      resources.evidence(project),
      this.status,
      ...(review ? [review] : [])
    ];
  }
}

class ReportPage extends Page<Of<'report'>> {
  protected view(): React.ReactElement {
    const label = this.host.trans.__('Report');
    this.title.label = label;
    return <StillPage label={label} page={this.store.read(this._report)} cell={null} />;
  }

  protected needs(): IResource<unknown>[] {
    return [this._report];
  }

  private get _report(): IResource<string> {
    const { project, run, version } = this.of;
    return version ? resources.reviewReport(project, version) : resources.report(project, run);
  }
}

class SetUpPage extends Page<Of<'set-up'>> {
  protected view(state: IState): React.ReactElement {
    const { project } = this.of;
    const { trans } = this.host;
    this.title.label = trans.__('Set up');
    const proposal = this.store.read(resources.setUp(project));
    const choices = this._choices ?? known(proposal)?.choices ?? null;
    const preview = choices && this.store.read(resources.setUpPreview(project, choices));
    return (
      <SetUpView
        proposal={proposal}
        choices={choices}
        preview={preview ?? IDLE}
        act={state.acts.get(actName.setUp(project)) ?? null}
        done={this._done}
        status={this.store.read(this.status)}
        choose={next => this._choose(next)}
        finish={() => void this._finish()}
        close={() => (this.parent ?? this).close()}
      />
    );
  }

  protected needs(): IResource<unknown>[] {
    const { project } = this.of;
    const proposal = resources.setUp(project);
    const choices = this._choices ?? known(this.store.read(proposal))?.choices;
    const preview = choices ? [resources.setUpPreview(project, choices)] : [];
    return this._done ? [this.status] : [proposal, ...preview, this.status];
  }

  private _choose(choices: SetUpChoices): void {
    this._choices = choices;
    this.store.forget(actName.setUp(this.of.project)); // It also asks what that would write.
  }

  private async _finish(): Promise<void> {
    const { project } = this.of;
    const choices = this._choices ?? known(this.store.read(resources.setUp(project)))?.choices;
    if (choices) {
      this._done = await this.host.verbs.setUp(project, choices);
      this.update();
    }
  }

  private _choices: SetUpChoices | null = null;
  private _done: SetUpDone | null = null;
}
