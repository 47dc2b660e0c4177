/** The Deliver page: Why, Code, Tests, Review, what will happen, and the one click that does it. */
import * as React from 'react';

import type { Delivery, Preview, ReleaseChanges, Status } from '../api/types';
import type { Remote } from '../store/remote';
import type { Act } from '../store/store';
import { actName } from '../store/acts';
import { AcceptedChanges } from './accepted_changes';
import { RulesChanged } from './rules_changed';
import { Awaited, Confirm, type IShown, Missing, Refused, isOpen } from './confirming';
import { EarlierAttempt, Findings, Issues, Steps } from './deliver_parts';
import { DeliveryTimeline } from './delivery_timeline';
import { moment } from './format';
import { Rehearsal } from './rehearsal';
import { WhatChanges } from './release_changes';
import { NOTHING_SAID, type ITyped, SayWhy, said } from './say_why';
import { useHost, useNow } from './host';
import { Mark, Sentence } from './parts';
import { ScoringOffer } from './scoring';
import { WayOutButton } from './way_out';
import { reasonShape, stepName } from './words';

export interface IDeliverPageProps {
  readonly project: string;
  readonly environment: string;
  readonly preview: Remote<Preview>;
  /** What it changes against what is live there. */
  readonly changes: Remote<ReleaseChanges>;
  readonly status: Remote<Status>;
  /** The delivery that was confirmed here or is under way; null while there is none. */
  readonly delivery: Remote<Delivery> | null;
  readonly acts: ReadonlyMap<string, Act>;
  readonly close: () => void;
  /** Stands in place of the buttons where a delivery is only shown. */
  readonly foot?: React.ReactNode;
}

export function DeliverPage(props: IDeliverPageProps): React.ReactElement {
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd jp-Mlcd-desk">
      <article className="jp-Mlcd-sheet">
        {props.delivery ? (
          <DeliveryTimeline {...props} delivery={props.delivery} />
        ) : (
          <Awaited {...props} title={trans.__('Deliver to %1', props.environment)}>
            {shown => <Form {...props} shown={shown} />}
          </Awaited>
        )}
      </article>
    </div>
  );
}

function Form(props: IDeliverPageProps & { shown: IShown }): React.ReactElement {
  const { trans, verbs } = useHost();
  const { shown, acts } = props;
  const { preview, status } = shown;
  const name = actName.deliver(props.project, props.environment);
  const act = acts.get(name);
  const [typed, type] = React.useState<ITyped>(NOTHING_SAID);
  const isRefused = preview.reasons.some(reason => reasonShape(reason) === 'failed');
  return (
    <>
      <Head preview={preview} name={status.project.name} />
      <EarlierAttempt attempt={preview.attempt} earlier={preview.earlier} />
      <ul className="jp-Mlcd-lines" aria-label={trans.__('What was checked')}>
        {preview.lines.map(line => (
          <li key={line.name} data-line={line.name} data-met={line.met}>
            <LineMark isMet={line.met} isRefused={line.name === 'Tests' && isRefused} />
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
      <Findings findings={preview.findings}>
        <ScoringOffer
          project={props.project}
          scoring={preview.scoring}
          version=""
          status={status}
          acts={acts}
        />
      </Findings>
      <WhatChanges changes={props.changes} />
      <RulesChanged rules={preview.rules} />
      <AcceptedChanges accepted={preview.accepted} />
      <Missing shown={shown} title={trans.__('Before it can be delivered')} acts={acts} />
      <Steps preview={preview}>
        {preview.can_rehearse && !props.foot && (
          <Rehearsal project={props.project} environment={preview.environment} />
        )}
      </Steps>
      {!props.foot && isOpen(shown) && <SayWhy typed={typed} onChange={type} />}
      <Refused name={name} act={act} />
      {props.foot ?? (
        <Confirm
          shown={shown}
          label={trans.__('Deliver to %1', preview.environment)}
          busy={act?.state === 'pending' ? trans.__('Delivering…') : null}
          confirm={() => void verbs.deliver(props.project, preview, said(typed))}
          close={props.close}
        />
      )}
    </>
  );
}

/** Whether a line is met, still open, or refused by what was found. */
function LineMark(props: { isMet: boolean; isRefused: boolean }): React.ReactElement {
  const { trans } = useHost();
  if (props.isMet) {
    return <Mark shape="passed" label={trans.__('met')} />;
  }
  return props.isRefused ? (
    <Mark shape="failed" label={trans.__('not met')} />
  ) : (
    <Mark shape="waiting" label={trans.__('not met yet')} />
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
