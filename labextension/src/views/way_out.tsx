/** The button beside a reason: every "not yet" has its way to go on. */
import * as React from 'react';

import type { ProjectReference, Reason, Status, WayOut } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { type IHost, useHost } from './host';
import { withNames } from './names';
import { Button, Mark } from './parts';
import { StartCi } from './start_ci';
import { reasonShape, wayOutWord } from './words';

/** Go the way out. */
export function goOut(host: IHost, status: Status, wayOut: WayOut, subject: string): void {
  const { project } = status;
  switch (wayOut) {
    case '':
      break;
    case 'run':
      void host.verbs.run(project.id, { suite: subject || (status.suites[0]?.name ?? '') });
      break;
    case 'see-run':
      host.open({ kind: 'run', project: project.id, run: subject });
      break;
    case 'commit':
      host.open({ kind: 'commit', project: project.id });
      break;
    case 'set-up':
      setUp(host, project);
      break;
    case 'open':
      host.openFile(project, subject || 'mlcd.toml');
      break;
    case 'see-delivery':
      host.open({
        kind: 'deliver',
        project: project.id,
        environment: environmentOf(status, subject),
        delivery: subject
      });
      break;
    case 'see-history':
      host.open({ kind: 'history', project: project.id, environment: subject });
      break;
    case 'see-review':
      host.open({ kind: 'review', project: project.id, version: subject });
      break;
    case 'ask-review':
      host.open({ kind: 'ask-review', project: project.id, environment: subject });
      break;
    case 'lift':
      host.open({ kind: 'watch', project: project.id });
      break;
    case 'start-ci':
    case 'see-ci': // These stand with what they show: see `StartCi`.
      break;
    case 'score-live':
      void host.verbs.scoreLive(project.id, subject);
      break;
    case 'deliver':
      host.open({ kind: 'deliver', project: project.id, environment: subject });
      break;
  }
}

/** Show what a first mlcd.toml could say; nothing is written by that. */
export function setUp(host: IHost, project: ProjectReference): void {
  host.open({ kind: 'set-up', project: project.id });
}

function environmentOf(status: Status, delivery: string): string {
  const found = status.environments.find(environment => environment.delivery?.key === delivery);
  return found?.name ?? status.deliver?.environment ?? '';
}

export function WayOutButton(props: {
  status: Status;
  wayOut: WayOut;
  subject: string;
  /** What the way out is from, for those who hear it without seeing the row. */
  about: string;
  acts: ReadonlyMap<string, Act>;
}): React.ReactElement | null {
  const host = useHost();
  const { status, wayOut, subject, acts } = props;
  const word = wayOutWord(wayOut, host.trans);
  if (word === null) {
    return null;
  }
  const starting =
    acts.get(actName.run(status.project.id, subject))?.state === 'pending' ||
    acts.get(actName.scoreLive(status.project.id, subject))?.state === 'pending';
  return (
    <Button
      small
      name={host.trans.__('%1: %2', word, props.about)}
      disabled={(wayOut === 'run' || wayOut === 'score-live') && starting}
      onClick={() => goOut(host, status, wayOut, subject)}
    >
      {word}
    </Button>
  );
}

function isOfCi({ way_out }: Reason): boolean {
  return way_out === 'start-ci' || way_out === 'see-ci';
}

/** What a reason is known by; one of CI stays what it is while its words count the minutes. */
function keyOf(reason: Reason): string {
  return `${reason.code}:${isOfCi(reason) ? reason.subject : reason.text}`;
}

/** Every reason why not, each with its way out. */
export function Reasons(props: {
  status: Status;
  reasons: readonly Reason[];
  /** A way out that stands elsewhere on the page, with more words. */
  except?: WayOut;
  acts: ReadonlyMap<string, Act>;
  id?: string;
}): React.ReactElement {
  const { trans } = useHost();
  return (
    <ul className="jp-Mlcd-reasons" id={props.id} aria-label={trans.__('Why not yet')}>
      {props.reasons.map(reason => {
        const shape = reasonShape(reason);
        const text = withNames(reason.text);
        const label = {
          running: trans.__('Under way'),
          failed: trans.__('Not met'),
          waiting: trans.__('Still to do'),
          passed: trans.__('Met'),
          flaky: trans.__('Met'),
          warning: trans.__('Attention'),
          remark: trans.__('Remark')
        }[shape];
        return (
          <li key={keyOf(reason)} data-reason={reason.code}>
            <Mark shape={shape} label={label} />
            <span className="jp-Mlcd-grow">
              {text}
              {isOfCi(reason) && <StartCi project={props.status.project.id} reason={reason} />}
            </span>
            <WayOutButton
              status={props.status}
              wayOut={reason.way_out === props.except ? '' : reason.way_out}
              subject={reason.subject}
              about={text}
              acts={props.acts}
            />
          </li>
        );
      })}
    </ul>
  );
}
