/** A run in the main area: its cases in a table, and below it what is wrong with the chosen one. */
import * as React from 'react';

import type { CaseResult, Run, SecretsFound, Status } from '../api/types';
import { isGreen, isRed } from '../store/questions';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { actName } from '../store/acts';
import { differingCases } from './accepting';
import { AcceptButton, CaseCards } from './case_card';
import { finish, moment, person, shortCommit, shortDigest } from './format';
import { useHost, useNow } from './host';
import { KeepSheet } from './keep_sheet';
import { withNames } from './names';
import {
  Bar,
  Button,
  Facts,
  FailedActs,
  Identifier,
  Mark,
  ProblemBox,
  Skeleton,
  Tag
} from './parts';
import { type ILog, LogFold } from './run_log';
import { CoverageFold, NbvalFold } from './run_reports';
import { RunTable } from './run_table';
import { RunVoice } from './run_voice';
import { isToLookAt } from './secret_words';
import { WhatThisDid } from './what_this_did';
import { countWords, fraction, partialWords, shapeOf, verdictWord } from './words';

export interface IRunViewProps {
  readonly project: string;
  readonly run: Remote<Run>;
  readonly status: Remote<Status>;
  readonly acts: ReadonlyMap<string, Act>;
  /** Null where the place shows no log. */
  readonly log?: ILog | null;
  /** What stands in the way of keeping it; without it the place cannot look. */
  readonly secrets?: Remote<SecretsFound>;
}

export function RunView(props: IRunViewProps): React.ReactElement {
  const run = known(props.run);
  const problem = problemIn(props.run);
  return (
    <div className="jp-Mlcd jp-Mlcd-page">
      {problem && <ProblemBox problem={problem} />}
      {run ? <Known {...props} known={run} /> : !problem && <Skeleton lines={6} />}
    </div>
  );
}

function Known(props: IRunViewProps & { known: Run }): React.ReactElement {
  const { known: run, project, acts } = props;
  const { trans } = useHost();
  const status = known(props.status);
  const [chosen, choose] = React.useState('');
  const shown = run.cases.find(result => result.id === chosen) ?? firstRed(run) ?? only(run);
  const name = trans.__('Progress of %1', run.suite);
  const keep = actName.keep(project, run.id);
  const secrets = isBlocked(acts.get(keep)) ? props.secrets : undefined;
  return (
    <article aria-label={trans.__('Run of %1', run.suite)} data-run={run.id} data-state={run.state}>
      <RunVoice run={run} />
      <Head {...props} />
      <RunFacts run={run} />
      <PartialNote {...props} />
      {run.state !== 'ended' && <Bar fraction={fraction(run)} label={name} />}
      <FailedActs
        acts={acts}
        isShown={act =>
          act === actName.run(project, run.suite) ||
          (act.endsWith(run.id) && !/^(accept|erase):/.test(act) && !(act === keep && secrets))
        }
      />
      {secrets && <Blocked {...props} secrets={secrets} />}
      <RunTable run={run} status={status} chosen={shown?.id ?? ''} choose={choose} />
      {shown && (
        <CaseCards run={run} result={shown} project={status?.project ?? null} id={project} />
      )}
      {props.log && <LogFold log={props.log} isLive={run.state !== 'ended'} />}
      <CoverageFold coverage={run.coverage} />
      <NbvalFold nbval={run.nbval} />
      <Fingerprint run={run} />
      {run.state === 'ended' && (
        <WhatThisDid project={project} done={{ what: 'runs', id: run.id }} />
      )}
    </article>
  );
}

/** Whether keeping was refused for what a person is to look at. */
export function isBlocked(act: Act | undefined): boolean {
  return act?.state === 'failed' && isToLookAt(act.problem);
}

/** What stands in the way, once it is known. */
function Blocked(
  props: IRunViewProps & { known: Run; secrets: Remote<SecretsFound> }
): React.ReactElement {
  const { verbs } = useHost();
  const { project, known: run, secrets } = props;
  const found = known(secrets);
  const problem = problemIn(secrets);
  if (problem) {
    return <ProblemBox problem={problem} />;
  }
  return found ? (
    <KeepSheet
      project={known(props.status)?.project ?? null}
      id={project}
      run={run}
      found={found}
      isFresh={secrets.state === 'ready'}
      acts={props.acts}
      close={() => verbs.forget(actName.keep(project, run.id))}
    />
  ) : (
    <Skeleton lines={4} />
  );
}

/** Where there is one case, there is nothing to choose. */
function only(run: Run): CaseResult | undefined {
  return run.cases.length === 1 && run.state === 'ended' ? run.cases[0] : undefined;
}

function firstRed(run: Run): CaseResult | undefined {
  return run.cases.find(result => result.state === 'ended' && isRed(result.verdict));
}

function Head(props: IRunViewProps & { known: Run }): React.ReactElement {
  const { known: run } = props;
  const { trans } = useHost();
  const now = useNow();
  const count = trans.__('%1 cases', countWords(run, trans));
  const time = run.state === 'ended' ? moment(run.ended, now, trans) : finish(run, now, trans);
  return (
    <header className="jp-Mlcd-row jp-Mlcd-mod-wrap">
      <Mark
        shape={shapeOf(run.state, run.verdict)}
        label={verdictWord(run.state, run.verdict, trans)}
      />
      <h2 className="jp-Mlcd-grow">
        {trans.__('Run of %1', run.suite)}{' '}
        {run.scored && <Tag>{trans.__('%1 scored again', run.scored.version)}</Tag>}
      </h2>
      <span className="jp-Mlcd-number">{[count, time].filter(Boolean).join(' · ')}</span>
      {run.state === 'ended' ? <EndedButtons {...props} /> : <CancelButton {...props} />}
    </header>
  );
}

function CancelButton(props: IRunViewProps & { known: Run }): React.ReactElement {
  const { trans, verbs } = useHost();
  const { known: run, project, acts } = props;
  return (
    <Button
      disabled={acts.get(actName.cancel(project, run.id))?.state === 'pending'}
      onClick={() => void verbs.cancel(project, run.id)}
    >
      {trans.__('Cancel')}
    </Button>
  );
}

function EndedButtons(props: IRunViewProps & { known: Run }): React.ReactElement {
  const { trans, verbs, open } = useHost();
  const { known: run, project, acts } = props;
  const suite = known(props.status)?.suites.find(one => one.name === run.suite);
  const isBusy = (act: string): boolean => acts.get(act)?.state === 'pending';
  const isStarting = isBusy(actName.run(project, run.suite));
  return (
    <>
      {suite?.run?.id === run.id && isRed(run.verdict) && (
        <Button
          disabled={isStarting}
          onClick={() => void verbs.run(project, { suite: run.suite, failed_only: true })}
        >
          {trans.__('Run failed only')}
        </Button>
      )}
      {!run.scored && (
        <Button
          disabled={isStarting}
          onClick={() => void verbs.run(project, again(run, suite !== undefined))}
        >
          {trans.__('Run again')}
        </Button>
      )}
      {differingCases(run, ALL).length > 1 && (
        <AcceptButton project={project} run={run.id} {...ALL}>
          {trans.__('These are the new expected results…')}
        </AcceptButton>
      )}
      {run.digest && (
        <Button onClick={() => open({ kind: 'report', project, run: run.id })}>
          {trans.__('Report')}
        </Button>
      )}
      {run.kept ? (
        <Tag tone="good">{trans.__('kept as evidence')}</Tag>
      ) : (
        <Button
          primary={isGreen(run.verdict) && !run.partial}
          disabled={isBusy(actName.keep(project, run.id))}
          onClick={() => void verbs.keep(project, run.id)}
        >
          {trans.__('Keep')}
        </Button>
      )}
    </>
  );
}

/** All results of a run. */
const ALL = { case: '', cell: null };

/** A run of some cases must not be taken for one of the suite. */
function PartialNote(props: IRunViewProps & { known: Run }): React.ReactElement | null {
  const { trans } = useHost();
  const { known: run, status } = props;
  const suite = known(status)?.suites.find(one => one.name === run.suite);
  const words = partialWords(run, suite?.cases ?? null, trans);
  return words ? (
    <p className="jp-Mlcd-banner" role="note">
      <Mark shape="warning" label={trans.__('Attention')} />
      <span>{words}</span>
    </p>
  ) : null;
}

/** The same again: the suite, or the one notebook with the same parameters. */
function again(
  run: Run,
  isSuite: boolean
): Parameters<ReturnType<typeof useHost>['verbs']['run']>[1] {
  const [only] = run.cases;
  return isSuite || !only
    ? { suite: run.suite }
    : { notebook: only.notebook, parameters: only.parameters };
}

function RunFacts({ run }: { run: Run }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const changed = Object.keys(run.dirty);
  const [first] = changed;
  const files =
    changed.length === 1 && first !== undefined
      ? trans.__('%1 changed', first)
      : trans.__('%1 files changed', changed.length);
  return (
    <Facts className="jp-Mlcd-facts">
      {run.commit && (
        <span>
          {trans.__('your files on')}{' '}
          <Identifier text={run.commit} short={shortCommit(run.commit)} />
          {changed.length > 0 && <span title={changed.join('\n')}>, {files}</span>}
        </span>
      )}
      <span>{trans.__('started %1 by %2', moment(run.started, now, trans), person(run.by))}</span>
      <span>{trans._n('%1 at a time', '%1 at a time', run.jobs)}</span>
      {run.state === 'ended' && run.reason && <span>{withNames(run.reason)}</span>}
    </Facts>
  );
}

function Fingerprint({ run }: { run: Run }): React.ReactElement | null {
  const { trans } = useHost();
  if (!run.digest) {
    return null;
  }
  return (
    <details className="jp-Mlcd-details">
      <summary>{trans.__('Fingerprint')}</summary>
      <dl className="jp-Mlcd-pairs">
        <dt>{trans.__('evidence')}</dt>
        <dd>
          <Identifier text={run.digest} short={shortDigest(run.digest)} />
        </dd>
        <dt>{trans.__('tested files')}</dt>
        <dd>
          <Identifier text={run.tree} short={run.tree.slice(0, 12)} />
        </dd>
        <dt>{trans.__('run')}</dt>
        <dd>
          <Identifier text={run.id} short={run.id} />
        </dd>
      </dl>
    </details>
  );
}
