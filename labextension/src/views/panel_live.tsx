/** "Where it is live": you, then one line per environment, and how a delivery goes on. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { EnvironmentStatus, Live, Status, Yours } from '../api/types';
import { isOver } from '../store/questions';
import { age, difference, moment, person, score, shortCommit } from './format';
import { useHost, useNow } from './host';
import { MoreButton } from './more';
import { scoreWords } from './names';
import { Button, Mark } from './parts';
import { Stands } from './watch_view';
import { watchWords } from './watch_words';
import { deliveryWord } from './words';

type Scores = EnvironmentStatus['scores'];

export function PanelLive({ status }: { status: Status }): React.ReactElement {
  const { trans } = useHost();
  const { environments, yours } = status;
  return (
    <section className="jp-Mlcd-section" aria-labelledby="jp-Mlcd-live">
      <h3 id="jp-Mlcd-live">{trans.__('Where it is live')}</h3>
      {environments.length === 0 && (
        <div className="jp-Mlcd-secondary">{trans.__('nowhere yet')}</div>
      )}
      <ul className="jp-Mlcd-rows">
        {yours && environments.length > 0 && <YourLine status={status} yours={yours} />}
        {environments.map(environment => (
          <Environment key={environment.name} status={status} environment={environment} />
        ))}
      </ul>
      <WhoWatches status={status} />
    </section>
  );
}

/** Who lets versions go out by themselves; in amber where somebody should and nobody does. */
function WhoWatches({ status }: { status: Status }): React.ReactElement | null {
  const { trans, open } = useHost();
  const automatic = status.environments.filter(one => one.automatic);
  if (automatic.length === 0) {
    return null;
  }
  const by = automatic.map(one => one.watched_by).find(Boolean);
  const alone = automatic.filter(one => !one.watched_by).map(one => one.name);
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-wrap" data-watched={alone.length === 0}>
      <Mark
        shape={alone.length > 0 ? 'warning' : 'running'}
        label={alone.length > 0 ? trans.__('Attention') : trans.__('Watched')}
      />
      <span className="jp-Mlcd-grow jp-Mlcd-secondary">
        {alone.length > 0
          ? trans.__('%1: nobody is watching', alone.join(', '))
          : trans.__('watched by %1', by ?? '')}
      </span>
      <Button
        small
        name={
          alone.length > 0
            ? trans.__('Watch: let versions go to %1 by themselves…', alone.join(', '))
            : trans.__('See who watches')
        }
        onClick={() => open({ kind: 'watch', project: status.project.id })}
      >
        {alone.length > 0 ? trans.__('Watch…') : trans.__('See')}
      </Button>
    </div>
  );
}

function YourLine({ status, yours }: { status: Status; yours: Yours }): React.ReactElement {
  const { trans } = useHost();
  const { commit, dirty } = status.place;
  const where = yours.live_in
    ? trans.__('= %1', yours.live_in)
    : yours.tested
      ? trans.__('tested')
      : trans.__('not tested');
  const changed = Object.keys(dirty).length > 0;
  return (
    <li data-environment="" data-tested={yours.tested}>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span>
          {trans.__('you')}{' '}
          <span
            className="jp-Mlcd-code"
            title={trans.__('%1: your files would be this version', shortCommit(commit))}
          >
            {yours.version}
            {changed && '*'}
          </span>
        </span>
        <span className="jp-Mlcd-number jp-Mlcd-mod-end">
          {[scoreOf(yours.scores, null, ''), where].filter(Boolean).join(' · ')}
        </span>
      </div>
    </li>
  );
}

interface IEnvironmentProps {
  readonly status: Status;
  readonly environment: EnvironmentStatus;
}

export function Environment({ status, environment }: IEnvironmentProps): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const [isOpen, setOpen] = React.useState(false);
  const { name, live, scores, target, deliveries } = environment;
  const above = rungsAbove(status, environment);
  const numbers = live
    ? [scoreOf(scores, before(status, environment), above), age(live.since, now, trans)]
    : [];
  return (
    <li data-environment={name} data-live={live?.version ?? ''}>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap" title={target}>
        <span>
          <b>{name}</b> {live ? <span className="jp-Mlcd-code">{live.version}</span> : null}
        </span>
        <span className="jp-Mlcd-number jp-Mlcd-mod-end">
          {live ? numbers.filter(Boolean).join(' · ') : trans.__('nothing yet')}
          {(deliveries > 0 || environment.automatic) && (
            <MoreButton
              isOpen={isOpen}
              turn={setOpen}
              name={trans.__('More about %1', name)}
              title={trans.__('Since when, by whom, history, roll back, hold')}
            />
          )}
        </span>
      </div>
      {live?.back_from && (
        <div className="jp-Mlcd-row jp-Mlcd-mod-inner" data-back-from={live.back_from}>
          <Mark shape="warning" label={trans.__('Rolled back')} />
          <span className="jp-Mlcd-words jp-Mlcd-secondary">{backWords(live, trans)}</span>
        </div>
      )}
      <Stands environment={environment} />
      {isOpen && <More status={status} environment={environment} />}
      <NewestDelivery status={status} environment={environment} />
    </li>
  );
}

/**
 * "accuracy 0.966 (+0.005)": the first score, and how it differs from the rung before. Its name is
 * left out where a line above has said it: where there is little room, numbers come first.
 */
function scoreOf(scores: Scores, others: Scores | null, said: string): string {
  const [first] = Object.entries(scores);
  if (!first) {
    return '';
  }
  const [name, value] = first;
  const other = others?.[name];
  const change = other === undefined || other === value ? '' : ` (${difference(value - other)})`;
  const number = `${score(value)}${change}`;
  return name === said ? number : `${scoreWords(name)} ${number}`;
}

/** The name of the score that the lines above show. */
function rungsAbove(status: Status, environment: EnvironmentStatus): string {
  const place = status.environments.indexOf(environment);
  const above = [status.yours, ...status.environments.slice(0, Math.max(0, place))];
  const named = above.map(one => (one ? Object.keys(one.scores)[0] : undefined)).filter(Boolean);
  return named[named.length - 1] ?? '';
}

/** The scores of the rung before; before the first rung are the files as they are here. */
function before(status: Status, { after }: EnvironmentStatus): Scores | null {
  return after
    ? (status.environments.find(one => one.name === after)?.scores ?? null)
    : (status.yours?.scores ?? null);
}

/** "rolled back from 0.3.0: reads sevens as ones". */
function backWords({ back_from, why }: Live, trans: TranslationBundle): string {
  return why
    ? trans.__('rolled back from %1: %2', back_from, why)
    : trans.__('rolled back from %1', back_from);
}

/** Since when and by whom, who watches, and what can be done there. */
function More({ status, environment }: IEnvironmentProps): React.ReactElement {
  const { trans, open } = useHost();
  const now = useNow();
  const { name, live, target, back_to } = environment;
  const project = status.project.id;
  return (
    <div className="jp-Mlcd-inset" role="group" aria-label={trans.__('About %1', name)}>
      {live && (
        <div>
          {trans.__('live since %1, by %2', moment(live.since, now, trans), person(live.by))}
        </div>
      )}
      <div>{watchWords(environment, trans)}</div>
      <div>{target}</div>
      <div className="jp-Mlcd-actions">
        <Button
          small
          name={trans.__('History of %1', name)}
          onClick={() => open({ kind: 'history', project, environment: name })}
        >
          {trans.__('History')}
        </Button>
        {back_to && (
          <Button
            small
            name={trans.__('Roll back %1 to %2…', name, back_to)}
            onClick={() => open({ kind: 'roll-back', project, environment: name })}
          >
            {trans.__('Roll back…')}
          </Button>
        )}
        <Button
          small
          name={trans.__('Hold, watch and check %1…', name)}
          onClick={() => open({ kind: 'watch', project })}
        >
          {trans.__('Hold, watch…')}
        </Button>
      </div>
    </div>
  );
}

/** The newest delivery, while it goes on and when it came to nothing. */
function NewestDelivery({ status, environment }: IEnvironmentProps): React.ReactElement | null {
  const { trans, open } = useHost();
  const { delivery, name } = environment;
  if (!delivery || delivery.state === 'delivered' || delivery.state === 'cancelled') {
    return null;
  }
  const over = isOver(delivery.state);
  const word = deliveryWord(delivery.state, trans);
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-inner" data-delivery={delivery.state}>
      <Mark
        shape={over ? 'failed' : delivery.state === 'unknown' ? 'warning' : 'running'}
        label={word}
      />
      <span className="jp-Mlcd-grow jp-Mlcd-secondary" title={delivery.reason}>
        {over
          ? trans.__('%1 %2: %3', delivery.version, word, delivery.reason)
          : trans.__('delivering %1: %2', delivery.version, word)}
      </span>
      <Button
        small
        name={trans.__('See the delivery to %1', name)}
        onClick={() =>
          open({
            kind: 'deliver',
            project: status.project.id,
            environment: name,
            delivery: delivery.key
          })
        }
      >
        {trans.__('See')}
      </Button>
    </div>
  );
}
