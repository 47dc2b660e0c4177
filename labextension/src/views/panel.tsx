/** The side panel, top to bottom: what waits for me, where am I, what runs, what proves it. */
import * as React from 'react';

import { OFFLINE } from '../api/problem';
import type { ProjectReference, Status } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { EvidenceRow } from './evidence_row';
import { Exchange } from './exchange';
import { useHost } from './host';
import { PanelHead } from './panel_head';
import { PanelLive } from './panel_live';
import { PanelSuites } from './panel_suites';
import { PanelWaiting } from './panel_waiting';
import { Button, FailedActs, Link, ProblemBox, Skeleton } from './parts';

/** How much evidence the panel shows; the list has the rest. */
const NEWEST = 3;
const MAKE_REPOSITORY = 'git init';

export interface IPanelProps {
  readonly projects: Remote<readonly ProjectReference[]>;
  readonly status: Remote<Status>;
  readonly acts: ReadonlyMap<string, Act>;
}

export function Panel(props: IPanelProps): React.ReactElement {
  const status = known(props.status);
  return (
    <div className="jp-Mlcd jp-Mlcd-panel">
      {status ? <Known {...props} known={status} /> : <Unknown {...props} />}
    </div>
  );
}

/** Nothing is known yet, or nothing is there. */
function Unknown({ projects, status }: IPanelProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const problem = problemIn(status) ?? problemIn(projects);
  if (problem) {
    return (
      <div className="jp-Mlcd-empty">
        <ProblemBox problem={problem}>
          <Button small onClick={refresh}>
            {trans.__('Try again')}
          </Button>
        </ProblemBox>
      </div>
    );
  }
  if (projects.state === 'ready' && projects.value.length === 0) {
    return (
      <div className="jp-Mlcd-empty">
        <h2>{trans.__('No git repository here')}</h2>
        <p>
          {trans.__(
            'What is tested and delivered has to be in git. Open a folder of a repository, or make one in a terminal:'
          )}
        </p>
        <pre className="jp-Mlcd-block">{MAKE_REPOSITORY}</pre>
        <Button small onClick={refresh}>
          {trans.__('Look again')}
        </Button>
      </div>
    );
  }
  return <Skeleton lines={7} />;
}

function Known(props: IPanelProps & { known: Status }): React.ReactElement {
  const { acts, known: status } = props;
  const problem = problemIn(props.status);
  const projects = known(props.projects) ?? [];
  const id = status.project.id;
  return (
    <>
      {problem && <NotNow code={problem.code} words={problem.message} />}
      <div className={problem ? 'jp-Mlcd-mod-stale' : ''}>
        <PanelWaiting status={status} acts={acts} />
        <PanelHead status={status} projects={projects} acts={acts} />
        <FailedActs acts={acts} isShown={name => name.includes(`:${id}`) && inPanel(name)} />
        <PanelLive status={status} />
        <PanelSuites status={status} acts={acts} />
        <PanelEvidence status={status} acts={acts} />
      </div>
    </>
  );
}

const ELSEWHERE = [
  'deliver:',
  'allow:',
  'erase:',
  'prune:',
  'roll-back:',
  'follow:',
  'commit:',
  'accept:',
  'set-up:',
  'ask-review:',
  'comment:',
  'review:',
  'tell-review:',
  'share:'
];

/** What has a page or a dialog of its own shows its problems there. */
function inPanel(act: string): boolean {
  return !ELSEWHERE.some(verb => act.startsWith(verb));
}

/** What is shown is the last that was known. */
function NotNow({ code, words }: { code: string; words: string }): React.ReactElement {
  const { trans, refresh } = useHost();
  return (
    <div className="jp-Mlcd-banner" role="status">
      <span className="jp-Mlcd-grow">
        {code === OFFLINE ? trans.__('Not connected. This is how it was.') : words}
      </span>
      <Button small onClick={refresh}>
        {trans.__('Try again')}
      </Button>
    </div>
  );
}

function PanelEvidence(props: {
  status: Status;
  acts: ReadonlyMap<string, Act>;
}): React.ReactElement {
  const { trans, open } = useHost();
  const { status, acts } = props;
  const project = status.project.id;
  return (
    <section className="jp-Mlcd-section" aria-labelledby="jp-Mlcd-evidence">
      <div className="jp-Mlcd-row">
        <h3 id="jp-Mlcd-evidence" className="jp-Mlcd-grow">
          {trans.__('Evidence')}
        </h3>
        {status.evidence_count > 0 && (
          <Link
            name={trans.__('All evidence')}
            onClick={() => open({ kind: 'evidence-list', project })}
          >
            {trans.__('all %1', status.evidence_count)}
          </Link>
        )}
      </div>
      {status.evidence.length === 0 && (
        <div className="jp-Mlcd-secondary">
          {trans.__('none yet; keep a run, and it becomes a commit on mlcd/evidence')}
        </div>
      )}
      <ul className="jp-Mlcd-rows">
        {status.evidence.slice(0, NEWEST).map(line => (
          <EvidenceRow key={line.id} project={project} line={line} />
        ))}
      </ul>
      <Exchange project={project} remotes={status.remotes} acts={acts} />
    </section>
  );
}
