/** The Deliver page: Why, Code, Tests, Review, what will happen, and the one click that does it. */
import * as React from 'react';

import type { Delivery, Preview, Status } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { actName } from '../store/acts';
import { AcceptedChanges } from './accepted_changes';
import { EarlierAttempt, Findings, Issues, Steps, TypedVersion } from './deliver_parts';
import { DeliveryTimeline } from './delivery_timeline';
import { moment } from './format';
import { NOTHING_SAID, type ITyped, SayWhy, said } from './say_why';
import { useHost, useNow } from './host';
import { Button, Mark, ProblemBox, Sentence, Skeleton } from './parts';
import { Reasons, WayOutButton } from './way_out';
import { stepName } from './words';

export interface IDeliverPageProps {
  readonly project: string;
  readonly environment: string;
  readonly preview: Remote<Preview>;
  readonly status: Remote<Status>;
  /** The delivery that was confirmed here or is under way; null while there is none. */
  readonly delivery: Remote<Delivery> | null;
  readonly acts: ReadonlyMap<string, Act>;
  readonly close: () => void;
  /** Stands in place of the buttons where a delivery is only shown. */
  readonly foot?: React.ReactNode;
}

export function DeliverPage(props: IDeliverPageProps): React.ReactElement {
  return (
    <div className="jp-Mlcd jp-Mlcd-desk">
      <article className="jp-Mlcd-sheet">
        {props.delivery ? (
          <DeliveryTimeline {...props} delivery={props.delivery} />
        ) : (
          <Confirm {...props} />
        )}
      </article>
    </div>
  );
}

function Confirm(props: IDeliverPageProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const preview = known(props.preview);
  const status = known(props.status);
  const problem = problemIn(props.preview);
  if (problem) {
    return (
      <>
        <h2>{trans.__('Deliver to %1', props.environment)}</h2>
        <ProblemBox problem={problem}>
          <Button small onClick={refresh}>
            {trans.__('Try again')}
          </Button>
        </ProblemBox>
      </>
    );
  }
  if (!preview || !status) {
    return <Skeleton lines={8} />;
  }
  const isFresh = props.preview.state === 'ready';
  return <Form {...props} preview={preview} status={status} isFresh={isFresh} />;
}

interface IFormProps extends Omit<IDeliverPageProps, 'preview' | 'status'> {
  /** Whether it is not being asked for again: an older confirmation may be used up. */
  readonly isFresh: boolean;
  readonly preview: Preview;
  readonly status: Status;
}

function Form(props: IFormProps): React.ReactElement {
  const { trans, verbs } = useHost();
  const { preview, status, acts } = props;
  const name = actName.deliver(props.project, props.environment);
  const act = acts.get(name);
  const [typed, type] = React.useState<ITyped>(NOTHING_SAID);
  return (
    <>
      <Head preview={preview} name={status.project.name} />
      <EarlierAttempt attempt={preview.attempt} earlier={preview.earlier} />
      <ul className="jp-Mlcd-lines" aria-label={trans.__('What was checked')}>
        {preview.lines.map(line => (
          <li key={line.name} data-line={line.name} data-met={line.met}>
            <Mark
              shape={line.met ? 'passed' : 'waiting'}
              label={line.met ? trans.__('met') : trans.__('not met yet')}
            />
            <span className="jp-Mlcd-grow">
              <b>{stepName(line.name, trans)}</b> <Sentence text={line.words} />
              {line.name === 'Why' && <Issues issues={preview.issues} />}
            </span>
            <WayOutButton
              status={status}
              wayOut={line.way_out}
              subject={line.subject}
              about={stepName(line.name, trans)}
              acts={acts}
            />
          </li>
        ))}
      </ul>
      <Findings findings={preview.findings} />
      <AcceptedChanges accepted={preview.accepted} />
      {preview.reasons.length > 0 && (
        <section className="jp-Mlcd-card" aria-label={trans.__('What is missing')}>
          <header>
            <b>{trans.__('Before it can be delivered')}</b>
          </header>
          <div className="jp-Mlcd-card-body">
            <Reasons status={status} reasons={preview.reasons} acts={acts} />
          </div>
        </section>
      )}
      <Steps preview={preview} />
      {!props.foot && preview.nonce !== '' && <SayWhy typed={typed} onChange={type} />}
      {act?.state === 'failed' && (
        <ProblemBox problem={act.problem}>
          <Button small onClick={() => verbs.forget(name)}>
            {trans.__('Dismiss')}
          </Button>
        </ProblemBox>
      )}
      {props.foot ?? <Foot {...props} words={typed} isBusy={act?.state === 'pending'} />}
    </>
  );
}

function Head({ preview, name }: { preview: Preview; name: string }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { version, environment, replaces } = preview;
  return (
    <header>
      <h2>{trans.__('Deliver %1 %2 to %3', name, version, environment)}</h2>
      <div className="jp-Mlcd-secondary">
        {replaces
          ? trans.__(
              'replaces %1, live since %2',
              replaces.version,
              moment(replaces.since, now, trans)
            )
          : trans.__('the first release there')}
      </div>
    </header>
  );
}

function Foot(props: IFormProps & { words: ITyped; isBusy: boolean }): React.ReactElement {
  const { trans, verbs, isByPerson } = useHost();
  const { preview, project, words, isBusy } = props;
  const [typed, type] = React.useState('');
  const isTyped = !preview.type_version || typed.trim() === preview.version;
  const isReady = preview.nonce !== '' && preview.reasons.length === 0 && props.isFresh;
  const canDeliver = isReady && isTyped && !isBusy;
  const deliver = (event: React.MouseEvent): void => {
    if (isByPerson(event.nativeEvent) && canDeliver) {
      void verbs.deliver(project, preview, said(words));
    }
  };
  return (
    <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
      <span className="jp-Mlcd-grow">
        {preview.type_version && preview.nonce !== '' && (
          <TypedVersion version={preview.version} typed={typed} onChange={type} />
        )}
      </span>
      <Button onClick={props.close}>{trans.__('Cancel')}</Button>
      <Button primary disabled={!canDeliver} onClick={deliver}>
        {isBusy ? trans.__('Delivering…') : trans.__('Deliver to %1', preview.environment)}
      </Button>
    </footer>
  );
}
