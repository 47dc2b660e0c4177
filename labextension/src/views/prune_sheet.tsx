/** Cleaning up this machine: what nothing needs any more, in numbers, before it goes. */
import * as React from 'react';

import type { Pruned } from '../api/types';
import { actName } from '../store/acts';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { NotYet } from './confirming';
import { fileSize } from './format';
import { useHost } from './host';
import { Button } from './parts';
import { ReviewSheet } from './review_sheet';

interface IPruneProps {
  readonly project: string;
  readonly plan: Remote<Pruned>;
  readonly acts: ReadonlyMap<string, Act>;
  readonly close: () => void;
}

export function PruneSheet(props: IPruneProps): React.ReactElement {
  const { trans } = useHost();
  const [done, finish] = React.useState<Pruned | null>(null);
  const plan = known(props.plan);
  if (done) {
    return <Said words={doneWords(done, trans)} close={props.close} />;
  }
  if (!plan || problemIn(props.plan)) {
    return <NotYet of={props.plan} close={props.close} />;
  }
  return sizeOf(plan) === 0 && plan.drafts.length + plan.files.length === 0 ? (
    <Said
      words={trans.__(
        'There is nothing to clean up: no draft is older than %1 days, and every stored file is named by something.',
        plan.days
      )}
      close={props.close}
    />
  ) : (
    <Plan {...props} known={plan} isFresh={props.plan.state === 'ready'} finish={finish} />
  );
}

function Said(props: { words: string; close: () => void }): React.ReactElement {
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-since" data-pruned="">
      <span className="jp-Mlcd-grow" role="status">
        {props.words}
      </span>
      <Button small onClick={props.close}>
        {trans.__('Close')}
      </Button>
    </div>
  );
}

interface IPlanProps extends IPruneProps {
  readonly known: Pruned;
  readonly isFresh: boolean;
  readonly finish: (done: Pruned) => void;
}

function Plan(props: IPlanProps): React.ReactElement {
  const { trans, tidying } = useHost();
  const { project, known: plan, acts, close, finish } = props;
  const confirm = async (): Promise<void> => {
    const done = await tidying.prune(project, plan.nonce);
    if (done) {
      finish(done);
    }
  };
  return (
    <ReviewSheet
      title={trans.__('Clean up this machine')}
      act={actName.prune(project)}
      acts={acts}
      isFresh={props.isFresh && plan.nonce !== ''}
      isSaid
      steps={[
        trans.__(
          'Removes what the table says, of every project of this repository. Evidence, versions and newer drafts keep all that they name.'
        ),
        trans.__('Git is not touched, and nothing leaves this machine.')
      ]}
      label={trans.__('Remove %1', fileSize(sizeOf(plan)))}
      busy={trans.__('Cleaning up…')}
      confirm={() => void confirm()}
      close={close}
    >
      <Numbers plan={plan} />
    </ReviewSheet>
  );
}

function Numbers({ plan }: { plan: Pruned }): React.ReactElement {
  const { trans } = useHost();
  const drafts = plan.drafts.reduce((sum, one) => sum + one.size, 0);
  const files = plan.files.reduce((sum, one) => sum + one.size, 0);
  const rows = [
    [
      trans.__('drafts older than %1 days', plan.days),
      plan.drafts.length,
      drafts,
      plan.stay_drafts
    ],
    [trans.__('stored files that nothing names'), plan.files.length, files, plan.stay_files],
    [trans.__('leftovers of programs that were stopped'), '', plan.leftovers, '']
  ] as const;
  return (
    <div className="jp-Mlcd-scroll">
      <table className="jp-Mlcd-table jp-Mlcd-mod-narrow" aria-label={trans.__('What is removed')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('what')}</th>
            <th scope="col" className="jp-Mlcd-mod-right">
              {trans.__('how many')}
            </th>
            <th scope="col" className="jp-Mlcd-mod-right">
              {trans.__('size')}
            </th>
            <th scope="col" className="jp-Mlcd-mod-right">
              {trans.__('stay')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, count, size, stay]) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="jp-Mlcd-mod-right">{count}</td>
              <td className="jp-Mlcd-mod-right">{fileSize(size)}</td>
              <td className="jp-Mlcd-mod-right">{stay}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** All bytes of it. */
function sizeOf({ drafts, files, leftovers }: Pruned): number {
  return [...drafts, ...files].reduce((sum, one) => sum + one.size, leftovers);
}

function doneWords(done: Pruned, trans: ReturnType<typeof useHost>['trans']): string {
  return trans.__(
    'Removed: %1 and %2, %3 in all.',
    trans._n('%1 draft', '%1 drafts', done.drafts.length),
    trans._n('%1 stored file', '%1 stored files', done.files.length),
    fileSize(sizeOf(done))
  );
}
