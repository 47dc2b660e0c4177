/** Before a roll back: what comes back, what goes, why, and the one click that does it. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Preview, Status } from '../api/types';
import { actName } from '../store/acts';
import type { Remote } from '../store/remote';
import type { Act } from '../store/store';
import { Awaited, Confirm, type IShown, Missing, Refused, isOpen } from './confirming';
import { EarlierAttempt, Findings, Steps } from './deliver_parts';
import { moment, person } from './format';
import { useHost, useNow } from './host';

export interface IRollBackPageProps {
  readonly project: string;
  readonly environment: string;
  readonly preview: Remote<Preview>;
  readonly status: Remote<Status>;
  readonly acts: ReadonlyMap<string, Act>;
  /** Show what another version would bring. */
  readonly choose: (version: string) => void;
  readonly confirm: (preview: Preview, why: string) => void;
  readonly close: () => void;
}

export function RollBackPage(props: IRollBackPageProps): React.ReactElement {
  const { trans } = useHost();
  const title = trans.__('Roll back %1', props.environment);
  return (
    <div className="jp-Mlcd jp-Mlcd-desk">
      <article className="jp-Mlcd-sheet" aria-label={title}>
        <Awaited {...props} title={title}>
          {shown => <Form {...props} shown={shown} />}
        </Awaited>
      </article>
    </div>
  );
}

function Form(props: IRollBackPageProps & { shown: IShown }): React.ReactElement {
  const { trans } = useHost();
  const { shown, acts, environment } = props;
  const { preview } = shown;
  const name = actName.rollBack(props.project, environment);
  const act = acts.get(name);
  const [why, setWhy] = React.useState('');
  return (
    <>
      <Head preview={preview} choose={props.choose} />
      <EarlierAttempt attempt={preview.attempt} earlier={preview.earlier} />
      <Missing shown={shown} title={trans.__('Why it cannot be rolled back')} acts={acts} />
      <Findings findings={preview.findings} />
      <Steps preview={preview} />
      <Refused name={name} act={act} />
      {isOpen(shown) && (
        <label className="jp-Mlcd-message">
          {trans.__('Why (kept in the history)')}
          <textarea
            className="jp-Mlcd-input"
            rows={2}
            value={why}
            onChange={event => setWhy(event.target.value)}
          />
        </label>
      )}
      <Confirm
        shown={shown}
        label={trans.__('Roll back %1 to %2', environment, preview.version)}
        busy={act?.state === 'pending' ? trans.__('Rolling back…') : null}
        isSaid={why.trim() !== ''}
        confirm={() => props.confirm(preview, why.trim())}
        close={props.close}
      />
    </>
  );
}

function Head({
  preview,
  choose
}: {
  preview: Preview;
  choose: IRollBackPageProps['choose'];
}): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { environment, replaces, roll_back, version } = preview;
  const versions = roll_back?.versions ?? [];
  const taken = roll_back?.taken_back ?? {};
  const bad = taken[version];
  return (
    <header>
      <h2>
        {replaces
          ? trans.__('Roll back %1 from %2 to %3', environment, replaces.version, version)
          : trans.__('Roll back %1', environment)}
      </h2>
      {replaces && (
        <div className="jp-Mlcd-secondary">
          {trans.__(
            '%1 is live since %2, by %3',
            replaces.version,
            moment(replaces.since, now, trans),
            person(replaces.by)
          )}
        </div>
      )}
      {versions.length > 1 && (
        <label className="jp-Mlcd-row jp-Mlcd-secondary">
          {trans.__('What comes back')}
          <HTMLSelect value={version} onChange={event => choose(event.target.value)}>
            {versions.map(one => (
              <option key={one} value={one}>
                {one in taken ? trans.__('%1 (was rolled back itself)', one) : one}
              </option>
            ))}
          </HTMLSelect>
        </label>
      )}
      {bad && (
        <div className="jp-Mlcd-secondary" role="note">
          {trans.__('%1 was rolled back itself, by %2: %3', version, person(bad.by), bad.why)}
        </div>
      )}
    </header>
  );
}
