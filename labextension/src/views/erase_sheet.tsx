/** Erasing what the Store holds of a run: what goes, what stays, and what has to be said first. */
import * as React from 'react';

import type { ErasedFile, ErasurePlan, Needed } from '../api/types';
import { actName } from '../store/acts';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { NotYet } from './confirming';
import { fileSize, shortDigest } from './format';
import { useHost } from './host';
import { Button, Mark, Sentence } from './parts';
import { ReviewSheet, SheetText } from './review_sheet';
import { useDraft } from './use_draft';

/** Last letters of the run's id that have to be typed, as in a terminal. */
const TYPED = 8;

interface IEraseProps {
  readonly project: string;
  readonly plan: Remote<ErasurePlan>;
  readonly acts: ReadonlyMap<string, Act>;
  readonly close: () => void;
}

export function EraseSheet(props: IEraseProps): React.ReactElement {
  const plan = known(props.plan);
  if (!plan || problemIn(props.plan)) {
    return <NotYet of={props.plan} close={props.close} />;
  }
  return plan.here.length === 0 && !plan.draft ? (
    <Gone {...props} />
  ) : (
    <Erase {...props} known={plan} isFresh={props.plan.state === 'ready'} />
  );
}

function Gone({ close }: IEraseProps): React.ReactElement {
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-since" role="status">
      <span className="jp-Mlcd-grow">
        {trans.__('This machine holds nothing of it that could be erased.')}
      </span>
      <Button small onClick={close}>
        {trans.__('Close')}
      </Button>
    </div>
  );
}

interface IKnownProps extends IEraseProps {
  readonly known: ErasurePlan;
  readonly isFresh: boolean;
}

function Erase(props: IKnownProps): React.ReactElement {
  const { trans, tidying } = useHost();
  const { project, known: plan, acts, close } = props;
  const name = actName.erase(project, plan.run);
  const draft = useDraft(name);
  const [typed, type] = React.useState('');
  const [left, leave] = React.useState<ReadonlySet<string>>(new Set());
  const [agreed, agree] = React.useState(false);
  const chosen = plan.files.filter(file => !left.has(file.sha256));
  const live = environmentsOf(plan.needed);
  const why = draft.text.trim();
  const isTyped = typed.trim() === plan.run.slice(-TYPED);
  const something = chosen.length > 0 || (plan.files.length === 0 && plan.draft);
  const confirm = async (): Promise<void> => {
    const only = left.size > 0 ? chosen.map(file => file.sha256) : [];
    const erasing = { why, only, although_live: agreed ? live : [], nonce: plan.nonce };
    if (await tidying.erase(project, plan.run, erasing)) {
      draft.write('');
      close();
    }
  };
  return (
    <ReviewSheet
      title={trans.__('Erase what this machine holds of %1', plan.suite)}
      act={name}
      acts={acts}
      isFresh={props.isFresh && plan.nonce !== ''}
      isSaid={something && why !== '' && isTyped && (live.length === 0 || agreed)}
      steps={stepsOf(plan, chosen, trans)}
      label={trans.__('Erase it for good')}
      busy={trans.__('Erasing…')}
      confirm={() => void confirm()}
      close={close}
    >
      <Files plan={plan} left={left} leave={leave} />
      <Losses plan={plan} />
      {live.length > 0 && (
        <label className="jp-Mlcd-tick">
          <input type="checkbox" checked={agreed} onChange={event => agree(event.target.checked)} />
          <span>{trans.__('Although it is live or on its way in %1', live.join(', '))}</span>
        </label>
      )}
      <SheetText label={trans.__('Why')} text={draft.text} write={draft.write} />
      <label className="jp-Mlcd-message">
        <Sentence
          text={trans.__(
            'This cannot be undone. Type the last %1 letters of the run’s id, `%2`:',
            TYPED,
            plan.run.slice(-TYPED)
          )}
        />{' '}
        <input
          className="jp-Mlcd-input jp-Mlcd-code"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={event => type(event.target.value)}
        />
      </label>
    </ReviewSheet>
  );
}

type Trans = ReturnType<typeof useHost>['trans'];

function stepsOf(plan: ErasurePlan, chosen: readonly ErasedFile[], trans: Trans): string[] {
  const size = fileSize(chosen.reduce((sum, file) => sum + file.size, 0));
  return [
    chosen.length > 0
      ? trans._n(
          'Removes **%1 file**, %2, from this machine.',
          'Removes **%1 files**, %2, from this machine.',
          chosen.length,
          size
        )
      : '',
    plan.draft ? trans.__('Removes the run’s draft here, with its notebooks and its log.') : '',
    trans.__(
      'Leaves a tombstone on **mlcd/evidence** for ever: who, when, which fingerprints, why; signed, where git knows your SSH key.'
    ),
    plan.in_git > 0
      ? trans._n(
          'Does **not** remove what git holds: %1 file of the run stays, in every clone and on every remote it was shared with. Only rewriting that branch everywhere takes it out.',
          'Does **not** remove what git holds: %1 files of the run stay, in every clone and on every remote they were shared with. Only rewriting that branch everywhere takes them out.',
          plan.in_git
        )
      : ''
  ].filter(Boolean);
}

function environmentsOf(needed: readonly Needed[]): string[] {
  return [...new Set(needed.flatMap(one => one.environments))];
}

/** What the run made; where there are several, each may stay. */
function Files(props: {
  plan: ErasurePlan;
  left: ReadonlySet<string>;
  leave: (left: ReadonlySet<string>) => void;
}): React.ReactElement | null {
  const { trans } = useHost();
  const { plan, left, leave } = props;
  if (plan.files.length === 0) {
    return null;
  }
  const turn = (sha256: string): void => {
    const next = new Set(left);
    if (!next.delete(sha256)) {
      next.add(sha256);
    }
    leave(next);
  };
  return (
    <ul className="jp-Mlcd-rows" aria-label={trans.__('Files')}>
      {plan.files.map(file => (
        <li key={file.sha256}>
          <label className="jp-Mlcd-tick">
            {plan.files.length > 1 && (
              <input
                type="checkbox"
                checked={!left.has(file.sha256)}
                onChange={() => turn(file.sha256)}
              />
            )}
            <span className="jp-Mlcd-grow">
              {file.name}{' '}
              <span className="jp-Mlcd-secondary">
                {plan.here.includes(file.sha256) ? '' : trans.__('not on this machine')}
              </span>
            </span>
            <span className="jp-Mlcd-number" title={file.sha256}>
              {fileSize(file.size)} · {shortDigest(file.sha256)}
            </span>
          </label>
        </li>
      ))}
    </ul>
  );
}

/** Versions and runs that lose something by it. */
function Losses({ plan }: { plan: ErasurePlan }): React.ReactElement | null {
  const { trans } = useHost();
  const lines = [
    ...plan.needed.map(({ project, version, environments }) => ({
      isLive: environments.length > 0,
      words:
        environments.length > 0
          ? trans.__(
              '%1 %2 is live or on its way in %3: it can then not be delivered again or rolled back to.',
              project,
              version,
              environments.join(', ')
            )
          : trans.__('%1 %2 can then not be rolled back to.', project, version)
    })),
    ...(plan.shared.length > 0
      ? [
          {
            isLive: false,
            words: trans._n(
              '%1 other run made some of the same bytes: they are gone for it too.',
              '%1 other runs made some of the same bytes: they are gone for them too.',
              plan.shared.length
            )
          }
        ]
      : [])
  ];
  if (lines.length === 0) {
    return null;
  }
  return (
    <ul className="jp-Mlcd-remarks" aria-label={trans.__('What else loses by it')}>
      {lines.map(({ isLive, words }) => (
        <li key={words} data-live={isLive}>
          <Mark
            shape={isLive ? 'failed' : 'warning'}
            label={isLive ? trans.__('Live') : trans.__('Attention')}
          />
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}
