/** Asking for a review: whom, for where, what that does, and afterwards what to send. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ReviewPage, ReviewPreview, Shared, Status } from '../api/types';
import { actName } from '../store/acts';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { Refused } from './confirming';
import { AskPeople, peopleOf } from './ask_people';
import { Asked } from './asked';
import { usualRemote } from './exchange';
import { useHost } from './host';
import { Button, ProblemBox, Sentence, Skeleton } from './parts';
import { SheetText } from './review_sheet';
import { useDraft } from './use_draft';
import { Reasons } from './way_out';

export interface IAskPageProps {
  readonly project: string;
  readonly environment: string;
  readonly preview: Remote<ReviewPreview>;
  readonly status: Remote<Status>;
  readonly acts: ReadonlyMap<string, Act>;
  readonly choose: (environment: string) => void;
  readonly close: () => void;
}

/** What came of it. */
export interface IAskedDone {
  readonly page: ReviewPage;
  readonly people: readonly string[];
  /** The remote that it went to; empty where nothing was to leave the machine. */
  readonly remote: string;
  /** Null while it is not there. */
  readonly shared: Shared | null;
}

export function AskPage(props: IAskPageProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const preview = known(props.preview);
  const status = known(props.status);
  const problem = problemIn(props.preview);
  const [done, finish] = React.useState<IAskedDone | null>(null);
  const title = trans.__('Ask for a review');
  return (
    <div className="jp-Mlcd jp-Mlcd-desk">
      <article className="jp-Mlcd-sheet" aria-label={title}>
        {problem && !preview && (
          <>
            <h2>{title}</h2>
            <ProblemBox problem={problem}>
              <Button small onClick={refresh}>
                {trans.__('Try again')}
              </Button>
            </ProblemBox>
          </>
        )}
        {done ? (
          <Asked {...props} done={done} finish={finish} />
        ) : preview && status ? (
          <Form {...props} preview={preview} status={status} finish={finish} />
        ) : (
          !problem && <Skeleton lines={8} />
        )}
      </article>
    </div>
  );
}

interface IFormProps extends Omit<IAskPageProps, 'preview' | 'status'> {
  readonly preview: ReviewPreview;
  readonly status: Status;
  readonly finish: (done: IAskedDone) => void;
}

function Form(props: IFormProps): React.ReactElement {
  const { trans, reviews, isByPerson } = useHost();
  const { project, preview, status, acts, finish, close } = props;
  const { environment, version, reasons, remotes } = preview;
  const name = actName.askReview(project, environment);
  const people = useDraft(`ask-people:${project}`);
  const why = useDraft(`ask-why:${project}`);
  const [remote, share] = React.useState('');
  const act = acts.get(name);
  const isBusy = act?.state === 'pending';
  const asked = peopleOf(people.text);
  const canAsk = reasons.length === 0 && asked.length > 0 && !isBusy;
  const ask = async (): Promise<void> => {
    const text = why.text.trim();
    const page = await reviews.ask(project, { environment, people: asked, why: text, version });
    if (page) {
      why.write('');
      people.write('');
      const shared = remote ? await reviews.share(project, remote) : null;
      finish({ page, people: asked, remote, shared });
    }
  };
  return (
    <>
      <header>
        <h2>{trans.__('Ask for a review of %1 %2', preview.project, version)}</h2>
        <EnvironmentChoice {...props} />
      </header>
      {reasons.length > 0 ? (
        <section className="jp-Mlcd-card" aria-label={trans.__('What is missing')}>
          <header>
            <b>{trans.__('Before it can be asked for')}</b>
          </header>
          <div className="jp-Mlcd-card-body">
            <Reasons status={status} reasons={reasons} acts={acts} />
          </div>
        </section>
      ) : (
        <>
          <AskPeople preview={preview} text={people.text} write={people.write} />
          <SheetText
            label={trans.__('A word to them')}
            text={why.text}
            write={why.write}
            rows={3}
          />
          <PushConsent remotes={remotes} remote={remote} share={share} />
          <WhatHappens preview={preview} remote={remote} asked={asked} />
        </>
      )}
      <Refused name={name} act={act} />
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow" />
        <Button onClick={close}>{trans.__('Cancel')}</Button>
        {reasons.length === 0 && (
          <Button
            primary
            disabled={!canAsk}
            onClick={event => {
              if (isByPerson(event.nativeEvent) && canAsk) {
                void ask();
              }
            }}
          >
            {isBusy ? trans.__('Asking…') : trans.__('Ask for a review')}
          </Button>
        )}
      </footer>
    </>
  );
}

function EnvironmentChoice({ preview, choose }: IFormProps): React.ReactElement {
  const { trans } = useHost();
  const { environment, environments, needed } = preview;
  const words =
    needed > 0
      ? trans._n('asks for %1 approval', 'asks for %1 approvals', needed)
      : trans.__('asks for no approval');
  return (
    <label className="jp-Mlcd-against jp-Mlcd-secondary">
      {trans.__('for')}
      <HTMLSelect value={environment} onChange={event => choose(event.currentTarget.value)}>
        {environments.map(one => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </HTMLSelect>
      <span>{words}</span>
    </label>
  );
}

/** Off until somebody ticks it: nothing leaves the machine by itself. */
function PushConsent(props: {
  remotes: Readonly<Record<string, string>>;
  remote: string;
  share: (remote: string) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { remotes, remote, share } = props;
  const names = Object.keys(remotes);
  const usual = remote || usualRemote(remotes);
  if (names.length === 0) {
    return (
      <p className="jp-Mlcd-secondary">
        {trans.__('There is no git remote: who reviews it has to work in this very folder.')}
      </p>
    );
  }
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-consent">
      <label className="jp-Mlcd-tick">
        <input
          type="checkbox"
          checked={remote !== ''}
          onChange={event => share(event.target.checked ? usual : '')}
        />
        <span>
          {trans.__('Also push the evidence to %1', usual)}{' '}
          <span className="jp-Mlcd-secondary">{remotes[usual]}</span>
        </span>
      </label>
      {names.length > 1 && remote !== '' && (
        <HTMLSelect
          aria-label={trans.__('Remote')}
          value={remote}
          onChange={event => share(event.currentTarget.value)}
        >
          {names.map(one => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </HTMLSelect>
      )}
    </div>
  );
}

function WhatHappens(props: {
  preview: ReviewPreview;
  remote: string;
  asked: readonly string[];
}): React.ReactElement {
  const { trans } = useHost();
  const { preview, remote } = props;
  const last = remote
    ? trans.__(
        'Pushes the branch **mlcd/evidence** to **%1**, no tag and none of your branches, never forced.',
        remote
      )
    : trans.__('Nothing leaves this machine.');
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('What will happen')}>
      <header>
        <b>{trans.__('What will happen')}</b>
      </header>
      <div className="jp-Mlcd-card-body">
        <ol className="jp-Mlcd-steps">
          {[...preview.steps, last].map(step => (
            <li key={step}>
              <Sentence text={step} />
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
