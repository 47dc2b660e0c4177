/** First start: what is there, what should be tested, where it goes; nothing runs meanwhile. */
import * as React from 'react';

import type { SetUpChoices, SetUpDone, SetUpPreview, SetUpProposal, Status } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { shortCommit } from './format';
import { useHost } from './host';
import { Button, Commands, Mark, ProblemBox, Sentence, Skeleton } from './parts';
import { SetUpModel } from './set_up_model';
import { SetUpNotebooks } from './set_up_notebooks';
import { SetUpPlace } from './set_up_place';
import { CommandList } from './what_this_did';

const PROJECT_FILE = 'mlcd.toml';

export interface ISetUpProps {
  readonly proposal: Remote<SetUpProposal>;
  /** What is chosen now; null before anything is known. */
  readonly choices: SetUpChoices | null;
  /** What these choices would write. */
  readonly preview: Remote<SetUpPreview>;
  readonly act: Act | null;
  /** What was written; null before. */
  readonly done: SetUpDone | null;
  readonly status: Remote<Status>;
  readonly choose: (choices: SetUpChoices) => void;
  readonly finish: () => void;
  readonly close: () => void;
}

export function SetUpView(props: ISetUpProps): React.ReactElement {
  const proposal = known(props.proposal);
  return (
    <div className="jp-Mlcd jp-Mlcd-page jp-Mlcd-setUp">
      {props.done ? (
        <Done {...props} done={props.done} />
      ) : proposal && props.choices ? (
        <Choosing {...props} found={proposal} choices={props.choices} />
      ) : (
        <Unknown {...props} />
      )}
    </div>
  );
}

function Unknown({ proposal, status, close }: ISetUpProps): React.ReactElement {
  const { trans, refresh, openFile } = useHost();
  const problem = problemIn(proposal);
  const project = known(status)?.project;
  if (!problem) {
    return <Skeleton lines={8} />;
  }
  return (
    <ProblemBox problem={problem}>
      {problem.code === 'set-up-already' && project && (
        <Button small onClick={() => openFile(project, 'mlcd.toml')}>
          {trans.__('Open mlcd.toml')}
        </Button>
      )}
      <Button small onClick={refresh}>
        {trans.__('Try again')}
      </Button>
      <Button small onClick={close}>
        {trans.__('Close')}
      </Button>
    </ProblemBox>
  );
}

export interface IChoosingProps extends ISetUpProps {
  readonly found: SetUpProposal;
  readonly choices: SetUpChoices;
}

function Choosing(props: IChoosingProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const { found } = props;
  return (
    <article aria-label={trans.__('First start')}>
      <h2>{trans.__('First start')}</h2>
      <div className="jp-Mlcd-secondary">
        {trans.__('There is no mlcd.toml yet. Nothing has run, nothing has left this machine.')}
      </div>
      {found.notebooks.length === 0 ? (
        <section>
          <p>
            {trans.__('There is no notebook in this repository yet. Save one, then look again.')}
          </p>
          <Button small onClick={refresh}>
            {trans.__('Look again')}
          </Button>
        </section>
      ) : (
        <>
          <SetUpNotebooks {...props} />
          <SetUpModel {...props} />
          <SetUpPlace {...props} />
          <Preview {...props} />
        </>
      )}
    </article>
  );
}

/** What is written, then the one button that does it. */
function Preview(props: IChoosingProps): React.ReactElement {
  const { trans } = useHost();
  const { act, finish } = props;
  const preview = useLastKnown(props.preview);
  const problem = problemIn(props.preview) ?? preview?.problem ?? null;
  const isBusy = act?.state === 'pending';
  const canWrite = known(props.preview) !== null && problem === null && !isBusy;
  return (
    <>
      {preview?.text && !problem ? <Text preview={preview} /> : null}
      {problem && <ProblemBox problem={problem} />}
      {act?.state === 'failed' && <ProblemBox problem={act.problem} />}
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-setUp-foot">
        <Button primary disabled={!canWrite} onClick={finish}>
          {isBusy ? trans.__('Committing…') : trans.__('Write mlcd.toml and commit it')}
        </Button>
        <span className="jp-Mlcd-secondary">
          {trans.__('Your hooks run. If one says no, nothing is left behind.')}
        </span>
      </footer>
      {preview && (
        <Commands
          title={trans.__('What this does, as plain commands')}
          commands={preview.commands}
        />
      )}
    </>
  );
}

function Text({ preview }: { preview: SetUpPreview }): React.ReactElement {
  const { trans } = useHost();
  const others = preview.files.slice(1);
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('What is written')}>
      <header>
        <b>{trans.__('What is written')}</b>
        <span className="jp-Mlcd-secondary">{trans.__('you can change it later')}</span>
      </header>
      <div className="jp-Mlcd-card-body">
        <pre className="jp-Mlcd-block" tabIndex={0} aria-label={PROJECT_FILE}>
          {preview.text}
        </pre>
        {others.length > 0 && (
          <p>
            {trans.__('Committed with it, because git does not know it yet: %1', others.join(', '))}
          </p>
        )}
        <ul className="jp-Mlcd-remarks">
          {preview.remarks.map(remark => (
            <li key={remark}>
              <Mark shape="remark" label={trans.__('Remark')} />
              <span>
                <Sentence text={remark} />
              </span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** While the answer to a new choice is on its way, the last one stays: nothing jumps. */
function useLastKnown<T>(remote: Remote<T>): T | null {
  const last = React.useRef<T | null>(null);
  last.current = known(remote) ?? last.current;
  return last.current;
}

function Done({ done, status, close }: ISetUpProps & { done: SetUpDone }): React.ReactElement {
  const { trans, verbs, openFile } = useHost();
  const project = known(status)?.project;
  const suite = known(status)?.suites[0]?.name;
  return (
    <article aria-label={trans.__('Set up')}>
      <h2>{trans.__('mlcd.toml is written and committed')}</h2>
      <div className="jp-Mlcd-secondary" role="status">
        {trans.__('%1 · %2', shortCommit(done.commit), done.subject)}
      </div>
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-setUp-foot">
        {project && suite && (
          <Button
            primary
            onClick={() => {
              void verbs.run(project.id, { suite });
              close();
            }}
          >
            {trans.__('Run the tests')}
          </Button>
        )}
        {project && (
          <Button onClick={() => openFile(project, 'mlcd.toml')}>
            {trans.__('Open mlcd.toml')}
          </Button>
        )}
        <Button onClick={close}>{trans.__('Close')}</Button>
      </footer>
      <details className="jp-Mlcd-details">
        <summary>{trans.__('What this did')}</summary>
        <CommandList commands={done.commands} />
      </details>
    </article>
  );
}
