/** Before somebody watches, stops, holds, lifts or checks: what it does, and the click that does it. */
import * as React from 'react';

import type { EnvironmentStatus } from '../api/types';
import { actName } from '../store/acts';
import { useHost } from './host';
import { ReviewSheet, SheetText } from './review_sheet';
import { useDraft } from './use_draft';
import type { IWatchParts } from './watch_view';

type ISheetProps = IWatchParts & { readonly close: () => void };
type IEnvironmentSheetProps = ISheetProps & { readonly environment: EnvironmentStatus };

export function WatchSheet(props: ISheetProps): React.ReactElement {
  const { trans, watching } = useHost();
  const { project, shown, close } = props;
  const { branch, automatic, checked } = shown;
  const steps = [
    trans.__(
      'Looks for new commits of **%1** every few seconds, while this machine is on, also when JupyterLab is closed.',
      branch
    ),
    trans.__('Runs the test suites on each, and keeps the results that are delivered.'),
    ...(automatic.length > 0
      ? [
          trans.__(
            'Delivers to **%1** each version that meets all rules and beats what is live. **Nobody is asked.**',
            automatic.join(', ')
          )
        ]
      : []),
    ...(checked.length > 0
      ? [
          trans.__(
            'Checks what is live in **%1** after each delivery, and rolls it back where that is red.',
            checked.join(', ')
          )
        ]
      : [])
  ];
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Watch from this machine')}
      act={actName.watch(project)}
      steps={steps}
      label={trans.__('Watch')}
      busy={trans.__('Starting…')}
      isSaid
      confirm={() => void watching.start(project, shown.nonce).then(done => done && close())}
    >
      {null}
    </ReviewSheet>
  );
}

export function StopSheet(props: ISheetProps): React.ReactElement {
  const { trans, watching } = useHost();
  const { project, shown, close } = props;
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Stop watching')}
      act={actName.watch(project)}
      steps={[
        trans.__('Nothing is tested, delivered or checked by itself from here any more.'),
        trans.__('What goes on stays as it is, and is taken up by whoever watches next.')
      ]}
      label={trans.__('Stop watching')}
      busy={trans.__('Stopping…')}
      isSaid
      confirm={() => void watching.stop(project, shown.nonce).then(done => done && close())}
    >
      {null}
    </ReviewSheet>
  );
}

export function HoldSheet(props: IEnvironmentSheetProps): React.ReactElement {
  const { trans, watching } = useHost();
  const { project, shown, environment, close } = props;
  const { name } = environment;
  const act = actName.hold(project, name);
  const draft = useDraft(act);
  const why = draft.text.trim();
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Hold %1', name)}
      act={act}
      steps={[
        trans.__(
          'Nothing is delivered to **%1**, by hand or by itself, until somebody lifts it.',
          name
        ),
        trans.__('What was live before can still be brought back.'),
        trans.__('Everybody who shares the history sees who holds it, and why.')
      ]}
      label={trans.__('Hold %1', name)}
      busy={trans.__('Writing…')}
      isSaid={why !== ''}
      confirm={() => {
        void watching.hold(project, name, why, shown.nonce).then(done => {
          if (done) {
            draft.write('');
            close();
          }
        });
      }}
    >
      <SheetText label={trans.__('Why')} text={draft.text} write={draft.write} />
    </ReviewSheet>
  );
}

export function LiftSheet(props: IEnvironmentSheetProps): React.ReactElement {
  const { trans, watching } = useHost();
  const { project, shown, environment, close } = props;
  const { name, automatic } = environment;
  const act = actName.lift(project, name);
  const draft = useDraft(act);
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Lift the hold of %1', name)}
      act={act}
      steps={[
        trans.__('Versions can be delivered to **%1** again.', name),
        ...(automatic
          ? [trans.__('What meets all rules goes there by itself, as soon as somebody watches.')]
          : [])
      ]}
      label={trans.__('Lift')}
      busy={trans.__('Writing…')}
      isSaid
      confirm={() => {
        void watching.lift(project, name, draft.text.trim(), shown.nonce).then(done => {
          if (done) {
            draft.write('');
            close();
          }
        });
      }}
    >
      <SheetText label={trans.__('Why it is over')} text={draft.text} write={draft.write} />
    </ReviewSheet>
  );
}

export function CheckSheet(props: IEnvironmentSheetProps): React.ReactElement {
  const { trans, watching } = useHost();
  const { project, shown, environment, close } = props;
  const { name, verify, live, back_to } = environment;
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Check what is live in %1', name)}
      act={actName.check(project, name)}
      steps={[
        trans.__('Runs **%1** against **%2** in **%3**.', verify, live?.version ?? '', name),
        back_to
          ? trans.__('Where it is red, **%1 comes back**, and nobody is asked.', back_to)
          : trans.__('Where it is red, **%1 is held**: nothing was live there before.', name)
      ]}
      label={trans.__('Check now')}
      busy={trans.__('Starting…')}
      isSaid
      confirm={() => void watching.check(project, name, shown.nonce).then(done => done && close())}
    >
      {null}
    </ReviewSheet>
  );
}
