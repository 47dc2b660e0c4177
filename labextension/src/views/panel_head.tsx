/** The top of the panel: where am I, how far along, and the one primary button. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ProjectReference, Run, Status, Undelivered } from '../api/types';
import { isGreen } from '../store/questions';
import type { Act } from '../store/store';
import { actName } from '../store/acts';
import { moment, person, shortCommit } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';
import { Button, Facts, Identifier, ProblemBox } from './parts';
import { Reasons, setUp } from './way_out';
import { stepName, stepWord } from './words';

interface IHeadProps {
  readonly status: Status;
  readonly projects: readonly ProjectReference[];
  readonly acts: ReadonlyMap<string, Act>;
}

export function PanelHead(props: IHeadProps): React.ReactElement {
  const { status } = props;
  return (
    <div className="jp-Mlcd-head">
      <ProjectName {...props} />
      <PlaceLine status={status} />
      <AheadLines status={status} />
      <Strip status={status} />
      {status.problem && status.problem.code !== 'no-config' && <ConfigProblem status={status} />}
      <Offer {...props} />
    </div>
  );
}

function ProjectName({ status, projects }: IHeadProps): React.ReactElement {
  const { trans, choose } = useHost();
  if (projects.length < 2) {
    return <h2>{status.project.name}</h2>;
  }
  return (
    <HTMLSelect
      className="jp-Mlcd-chooser"
      aria-label={trans.__('Project')}
      value={status.project.id}
      onChange={event => choose(event.target.value)}
    >
      {projects.map(project => (
        <option key={project.id} value={project.id} title={project.path}>
          {project.name}
        </option>
      ))}
    </HTMLSelect>
  );
}

function PlaceLine({ status }: { status: Status }): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const tested = testedRun(status);
  const { branch, commit, dirty, subject } = status.place;
  const files = Object.keys(dirty);
  if (!branch && !commit) {
    return null; // The repository could not be read; the problem says why.
  }
  const committed =
    files.length === 0
      ? trans.__('committed')
      : trans._n('%1 file not committed', '%1 files not committed', files.length);
  return (
    <Facts className="jp-Mlcd-place">
      <span title={subject}>{branch || trans.__('detached')}</span>
      {commit ? (
        <Identifier text={commit} short={shortCommit(commit)} />
      ) : (
        <span>{trans.__('no commit yet')}</span>
      )}
      {commit && <span title={files.join('\n')}>{committed}</span>}
      {tested && (
        <span title={trans.__('by %1', person(tested.by))}>{testedWords(tested, now, trans)}</span>
      )}
    </Facts>
  );
}

/** What is changed and not committed, not shared, and not delivered. */
function AheadLines({ status }: { status: Status }): React.ReactElement | null {
  const { trans, open } = useHost();
  const { dirty, undelivered, unshared, upstream } = status.place;
  const files = Object.keys(dirty).length;
  const unsharedWords = trans._n('%1 commit', '%1 commits', unshared);
  const lines = [
    undelivered && undelivered.commits > 0 ? undeliveredWords(undelivered, trans) : '',
    unshared > 0 ? trans.__('not shared yet: %1 that %2 has not', unsharedWords, upstream) : ''
  ].filter(Boolean);
  return (
    <>
      {lines.map(line => (
        <div key={line} className="jp-Mlcd-place">
          {line}
        </div>
      ))}
      {files > 0 && (
        <div className="jp-Mlcd-toCommit">
          <Button
            small
            name={trans._n('Commit… %1 file', 'Commit… %1 files', files)}
            onClick={() => open({ kind: 'commit', project: status.project.id })}
          >
            {trans.__('Commit…')}
          </Button>
        </div>
      )}
    </>
  );
}

/** "3 commits since 0.2.0 is live in production, 2 of them in what is tested". */
function undeliveredWords(undelivered: Undelivered, trans: TranslationBundle): string {
  const { commits, tested, version, environment } = undelivered;
  const count = trans._n('%1 commit', '%1 commits', commits);
  return tested > 0 && tested < commits
    ? trans.__(
        'not delivered: %1 since %2 is live in %3, %4 in tested files',
        count,
        version,
        environment,
        tested
      )
    : trans.__('not delivered: %1 since %2 is live in %3', count, version, environment);
}

/** The run of exactly these files. */
function testedRun(status: Status): Run | undefined {
  const suite = status.suites.find(
    one =>
      one.match === 'matches' &&
      one.run?.state === 'ended' &&
      one.run.verdict !== 'cancelled' &&
      !one.run.partial
  );
  return suite?.run ?? undefined;
}

function testedWords(run: Run, now: Date, trans: TranslationBundle): string {
  const passed = run.cases.filter(result => isGreen(result.verdict)).length;
  const when = moment(run.ended, now, trans);
  return trans.__('tested %1, %2 of %3', when, passed, run.cases.length);
}

function Strip({ status }: { status: Status }): React.ReactElement | null {
  const { trans } = useHost();
  if (status.steps.length === 0) {
    return null;
  }
  return (
    <ol className="jp-Mlcd-strip" aria-label={trans.__('How far along')}>
      {status.steps.map(step => (
        <li
          key={step.name}
          className={`jp-Mlcd-mod-${step.state}`}
          data-state={step.state}
          title={withNames(step.words)}
          aria-current={step.state === 'current' ? 'step' : undefined}
          aria-label={trans.__(
            '%1: %2. %3',
            stepName(step.name, trans),
            stepWord(step.state, trans),
            withNames(step.words)
          )}
        >
          <span aria-hidden="true">{stepName(step.name, trans)}</span>
        </li>
      ))}
    </ol>
  );
}

function ConfigProblem({ status }: { status: Status }): React.ReactElement | null {
  const host = useHost();
  const { problem } = status;
  const file = problem?.details?.file;
  if (!problem) {
    return null;
  }
  const path = typeof file === 'string' && file ? file : 'mlcd.toml';
  return (
    <ProblemBox problem={problem}>
      {problem.code.includes('config') && (
        <Button
          small
          name={host.trans.__('Open %1', path)}
          onClick={() => host.openFile(status.project, path)}
        >
          {host.trans.__('Open')}
        </Button>
      )}
    </ProblemBox>
  );
}

const REASONS = 'jp-Mlcd-reasons';

/** The one filled button; where it cannot be pressed, the reasons stand in its place. */
function Offer({ status, acts }: IHeadProps): React.ReactElement | null {
  const host = useHost();
  const { trans } = host;
  const { deliver, project } = status;
  if (status.problem?.code === 'no-config') {
    const busy = acts.get(actName.setUp(project.id))?.state === 'pending';
    return (
      <div className="jp-Mlcd-offer">
        <Button primary disabled={busy} onClick={() => setUp(host, project)}>
          {trans.__('Set up this project')}
        </Button>
        <div className="jp-Mlcd-note">
          {trans.__('Two minutes; nothing runs, and you see what is written before it is.')}
        </div>
      </div>
    );
  }
  if (!deliver) {
    return null;
  }
  const { environment, version } = deliver;
  const label = trans.__('Deliver %1 to %2', version, environment);
  const open = (): void => host.open({ kind: 'deliver', project: project.id, environment });
  return (
    <div className="jp-Mlcd-offer">
      <button
        type="button"
        className={`jp-Mlcd-button${deliver.ready ? ' jp-Mlcd-mod-primary' : ''}`}
        aria-disabled={!deliver.ready}
        aria-describedby={deliver.ready ? undefined : REASONS}
        onClick={() => deliver.ready && open()}
      >
        {deliver.ready ? trans.__('%1…', label) : label}
      </button>
      {deliver.note && <div className="jp-Mlcd-note">{deliver.note}</div>}
      {deliver.ready && (
        <div className="jp-Mlcd-toCommit">
          <Button
            small
            onClick={() => host.open({ kind: 'ask-review', project: project.id, environment })}
          >
            {trans.__('Ask for review…')}
          </Button>
        </div>
      )}
      {!deliver.ready && (
        <Reasons id={REASONS} status={status} reasons={deliver.reasons} acts={acts} />
      )}
    </div>
  );
}
