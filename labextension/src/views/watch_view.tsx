/** What delivers by itself: who watches, and each environment with its hold, freeze and check. */
import * as React from 'react';

import type { EnvironmentStatus, Status, Watch } from '../api/types';
import { actName } from '../store/acts';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { Button, Mark, ProblemBox, Sentence, Skeleton, Tag } from './parts';
import { CheckSheet, HoldSheet, LiftSheet, StopSheet, WatchSheet } from './watch_sheets';
import { checkShape, checkWords, frozenWords, heldWords, watchWords } from './watch_words';

export interface IWatchViewProps {
  readonly project: string;
  readonly watch: Remote<Watch>;
  readonly status: Remote<Status>;
  readonly acts: ReadonlyMap<string, Act>;
}

export function WatchView(props: IWatchViewProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const watch = known(props.watch);
  const status = known(props.status);
  const problem = problemIn(props.watch) ?? problemIn(props.status);
  return (
    <div className="jp-Mlcd jp-Mlcd-page">
      <article aria-label={trans.__('Delivered by itself')}>
        <h2>{trans.__('Delivered by itself')}</h2>
        {problem && (
          <ProblemBox problem={problem}>
            <Button small onClick={refresh}>
              {trans.__('Try again')}
            </Button>
          </ProblemBox>
        )}
        {watch && status ? (
          <Known
            {...props}
            shown={watch}
            known={status}
            isFresh={props.watch.state === 'ready' && watch.nonce !== ''}
          />
        ) : (
          !problem && <Skeleton lines={6} />
        )}
      </article>
    </div>
  );
}

export interface IWatchParts extends IWatchViewProps {
  readonly shown: Watch;
  readonly known: Status;
  /** Whether its confirmation was not used yet. */
  readonly isFresh: boolean;
}

function Known(props: IWatchParts): React.ReactElement {
  const { trans } = useHost();
  const { shown, known: status } = props;
  const isAsked = shown.automatic.length + shown.checked.length > 0;
  return (
    <>
      {isAsked || shown.watching ? <Watcher {...props} /> : <Nothing status={status} />}
      <ul className="jp-Mlcd-cards" aria-label={trans.__('Environments')}>
        {status.environments.map(environment => (
          <Environment key={environment.name} {...props} environment={environment} />
        ))}
      </ul>
    </>
  );
}

function Nothing({ status }: { status: Status }): React.ReactElement {
  const { trans, openFile } = useHost();
  return (
    <p className="jp-Mlcd-row jp-Mlcd-mod-wrap">
      <span className="jp-Mlcd-grow jp-Mlcd-secondary">
        <Sentence
          text={trans.__(
            'Every delivery is by hand here. An environment with `deliver = "automatic"` and a rule with `better-than` gets each version that beats what is live; one with `verify` is checked afterwards.'
          )}
        />
      </span>
      <Button small onClick={() => openFile(status.project, 'mlcd.toml')}>
        {trans.__('Open %1', 'mlcd.toml')}
      </Button>
    </p>
  );
}

/** Who watches on this machine, and the way to begin and to end it. */
function Watcher(props: IWatchParts): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const [isOpen, open] = React.useState(false);
  const { watching } = props.shown;
  const isBusy = props.acts.get(actName.watch(props.project))?.state === 'pending';
  const Sheet = watching ? StopSheet : WatchSheet;
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('Who watches')}>
      <div
        className="jp-Mlcd-card-body jp-Mlcd-row jp-Mlcd-mod-wrap"
        data-watching={watching !== null}
      >
        <Mark
          shape={watching ? 'running' : 'warning'}
          label={watching ? trans.__('Watched') : trans.__('Attention')}
        />
        <span className="jp-Mlcd-grow" role="status">
          {watching
            ? trans.__(
                'Watched on this machine by %1 since %2: new commits of %3 are tested and delivered.',
                person(watching.by),
                moment(watching.since, now, trans),
                watching.branch.replace(/^refs\/(?:heads|remotes)\//, '')
              )
            : trans.__('Nobody watches on this machine: nothing goes out by itself from here.')}
        </span>
        {!isOpen && (
          <Button small primary={!watching} disabled={isBusy} onClick={() => open(true)}>
            {watching ? trans.__('Stop watching…') : trans.__('Watch from this machine…')}
          </Button>
        )}
      </div>
      {isOpen && <Sheet {...props} close={() => open(false)} />}
    </section>
  );
}

type Asked = '' | 'hold' | 'lift' | 'check';

const SHEETS = { hold: HoldSheet, lift: LiftSheet, check: CheckSheet };

function Environment(props: IWatchParts & { environment: EnvironmentStatus }): React.ReactElement {
  const { trans } = useHost();
  const [asked, ask] = React.useState<Asked>('');
  const { environment } = props;
  const { name, live, automatic } = environment;
  const Sheet = asked ? SHEETS[asked] : null;
  return (
    <li className="jp-Mlcd-card" data-environment={name}>
      <div className="jp-Mlcd-card-body">
        <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
          <b>{name}</b>
          <span className="jp-Mlcd-code">{live?.version}</span>
          <span className="jp-Mlcd-grow jp-Mlcd-secondary">{watchWords(environment, trans)}</span>
          {automatic && <Tag>{trans.__('automatic')}</Tag>}
        </div>
        <Stands environment={environment} />
        {!asked && <Choices environment={environment} ask={ask} />}
        {Sheet && <Sheet {...props} close={() => ask('')} />}
      </div>
    </li>
  );
}

function Choices(props: {
  environment: EnvironmentStatus;
  ask: (what: Asked) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { ask } = props;
  const { name, live, held, verify, check } = props.environment;
  return (
    <div className="jp-Mlcd-actions">
      {held ? (
        <Button small name={trans.__('Lift the hold of %1…', name)} onClick={() => ask('lift')}>
          {trans.__('Lift…')}
        </Button>
      ) : (
        <Button small name={trans.__('Hold %1…', name)} onClick={() => ask('hold')}>
          {trans.__('Hold…')}
        </Button>
      )}
      {verify && live && (
        <Button
          small
          name={trans.__('Check what is live in %1…', name)}
          disabled={check?.state === 'going'}
          onClick={() => ask('check')}
        >
          {trans.__('Check now…')}
        </Button>
      )}
    </div>
  );
}

/** Hold, freeze and check of an environment, each in a line with its mark. */
export function Stands({ environment }: { environment: EnvironmentStatus }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { held, frozen, check, live } = environment;
  return (
    <>
      {held && (
        <div className="jp-Mlcd-row jp-Mlcd-mod-inner" data-held="">
          <Mark shape="warning" label={trans.__('Held')} />
          <span className="jp-Mlcd-words">{heldWords(held, now, trans)}</span>
        </div>
      )}
      {frozen && (
        <div className="jp-Mlcd-row jp-Mlcd-mod-inner" data-frozen="">
          <Mark shape="waiting" label={trans.__('Frozen')} />
          <span className="jp-Mlcd-words">{frozenWords(frozen, now, trans)}</span>
        </div>
      )}
      {check && check.version === live?.version && (
        <div className="jp-Mlcd-row jp-Mlcd-mod-inner" data-check={check.state}>
          <Mark shape={checkShape(check)} label={trans.__('Check of what is live')} />
          <span className="jp-Mlcd-words jp-Mlcd-secondary">{checkWords(check, trans)}</span>
        </div>
      )}
    </>
  );
}
