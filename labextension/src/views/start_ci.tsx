/** The CI run of a commit beside the reason that waits for it: what starts it, and how it goes on. */
import * as React from 'react';

import { problemOf } from '../api/problem';
import type { CiPreview, CiRun, Problem, Reason } from '../api/types';
import { type Remote, IDLE, failed, known, pending, problemIn, ready } from '../store/remote';
import { type ICi, useHost } from './host';
import { Button, Commands, ProblemBox, Sentence, Skeleton } from './parts';
import { WhatThisDid } from './what_this_did';

interface IStartCiProps {
  readonly project: string;
  readonly reason: Reason;
}

/** Milliseconds between two looks at a run that goes on. */
const LOOK_EVERY = 10_000;

/** How it goes on, and its page; where nobody speaks for a person, the page alone. */
export function StartCi(props: IStartCiProps): React.ReactElement {
  const { ci } = useHost();
  const link = /^https?:\/\//.test(props.reason.url) ? props.reason.url : '';
  return (
    <div className="jp-Mlcd-ci" data-ci={props.reason.busy ? 'busy' : 'idle'}>
      {ci ? <Followed {...props} ci={ci} link={link} /> : <ItsPage link={link} />}
    </div>
  );
}

function ItsPage({ link }: { link: string }): React.ReactElement | null {
  const { trans } = useHost();
  return link === '' ? null : (
    <a href={link} target="_blank" rel="noopener noreferrer">
      {trans.__('Open its page')}
    </a>
  );
}

type IFollowedProps = IStartCiProps & { readonly ci: ICi; readonly link: string };

function Followed({ project, reason, ci, link }: IFollowedProps): React.ReactElement {
  const { trans, isByPerson } = useHost();
  const [shown, show] = React.useState<Remote<CiPreview>>(IDLE);
  const [looked, setLooked] = React.useState<Remote<CiRun>>(IDLE);
  const look = React.useCallback((): void => {
    setLooked(before => pending(before));
    ci.look(project)
      .then(run => setLooked(ready(run)))
      .catch((thrown: unknown) => setLooked(before => failed(problemOf(thrown), before)));
  }, [ci, project]);
  useLooking(reason.busy, look);
  const ask = (): void => {
    show(pending(shown));
    ci.preview(project)
      .then(found => show(ready(found)))
      .catch((thrown: unknown) => show(failed(problemOf(thrown), shown)));
  };
  const isOpen = shown.state !== 'idle';
  const problem = problemIn(shown) ?? problemIn(looked);
  return (
    <>
      {(link || !reason.busy) && (
        <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
          {reason.way_out === 'start-ci' && (
            <Button small pressed={isOpen} onClick={() => (isOpen ? show(IDLE) : ask())}>
              {trans.__('Start CI…')}
            </Button>
          )}
          {reason.way_out === 'see-ci' && !reason.busy && (
            <Button
              small
              disabled={looked.state === 'pending'}
              onClick={event => isByPerson(event.nativeEvent) && look()}
            >
              {trans.__('Look again')}
            </Button>
          )}
          <ItsPage link={link} />
        </div>
      )}
      {problem && <ProblemBox problem={problem} />}
      {shown.state === 'pending' && <Skeleton lines={2} />}
      {known(shown) && shown.state !== 'pending' && (
        <Offer project={project} preview={known(shown)} ci={ci} close={() => show(IDLE)} />
      )}
      {reason.way_out === 'see-ci' && (
        <WhatThisDid project={project} done={{ what: 'ci', id: reason.subject }} />
      )}
    </>
  );
}

/** Look again and again while it goes on and somebody can see it. */
function useLooking(isBusy: boolean, look: () => void): void {
  React.useEffect(() => {
    if (!isBusy) {
      return undefined;
    }
    const timer = window.setInterval(() => {
      if (!document.hidden) {
        look();
      }
    }, LOOK_EVERY);
    return () => window.clearInterval(timer);
  }, [isBusy, look]);
}

/** What will happen, and the one click that does it. */
function Offer(props: {
  project: string;
  preview: CiPreview | null;
  ci: ICi;
  close: () => void;
}): React.ReactElement | null {
  const { trans, isByPerson } = useHost();
  const [isBusy, setBusy] = React.useState(false);
  const [problem, setProblem] = React.useState<Problem | null>(null);
  const { project, preview, ci, close } = props;
  if (preview === null) {
    return null;
  }
  const start = (event: React.MouseEvent): void => {
    if (!isByPerson(event.nativeEvent) || isBusy) {
      return;
    }
    setBusy(true);
    ci.start(project, preview)
      .then(close)
      .catch((thrown: unknown) => setProblem(problemOf(thrown)))
      .finally(() => setBusy(false));
  };
  const pushes = preview.commits.length > 0;
  return (
    <div className="jp-Mlcd-inset" role="group" aria-label={trans.__('Start CI')}>
      <ol className="jp-Mlcd-steps" aria-label={trans.__('What will happen')}>
        {preview.steps.map(step => (
          <li key={step}>
            <Sentence text={step} />
          </li>
        ))}
      </ol>
      {pushes && (
        <ul className="jp-Mlcd-commits" aria-label={trans.__('Commits that are pushed')}>
          {preview.commits.map(commit => (
            <li key={commit} className="jp-Mlcd-code">
              {commit}
            </li>
          ))}
        </ul>
      )}
      {preview.remarks.map(remark => (
        <p key={remark} className="jp-Mlcd-secondary">
          <Sentence text={remark} />
        </p>
      ))}
      <Commands title={trans.__('Details: the same as commands')} commands={preview.commands} />
      {problem && <ProblemBox problem={problem} />}
      <div className="jp-Mlcd-actions">
        {problem === null && (
          <Button primary small disabled={isBusy} onClick={start}>
            {isBusy
              ? trans.__('Starting…')
              : pushes
                ? trans.__('Push and start')
                : trans.__('Start')}
          </Button>
        )}
        <Button small onClick={close}>
          {trans.__('Close')}
        </Button>
      </div>
    </div>
  );
}
