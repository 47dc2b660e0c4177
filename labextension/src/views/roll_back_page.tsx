/** Before a roll back: what comes back, what goes, why, and the one click that does it. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Preview, Status } from '../api/types';
import { actName } from '../store/acts';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { EarlierAttempt, Findings, Steps, TypedVersion } from './deliver_parts';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { Button, ProblemBox, Skeleton } from './parts';
import { Reasons } from './way_out';

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
  const { trans, refresh } = useHost();
  const preview = known(props.preview);
  const status = known(props.status);
  const problem = problemIn(props.preview);
  return (
    <div className="jp-Mlcd jp-Mlcd-desk">
      <article className="jp-Mlcd-sheet" aria-label={trans.__('Roll back %1', props.environment)}>
        {problem ? (
          <ProblemBox problem={problem}>
            <Button small onClick={refresh}>
              {trans.__('Try again')}
            </Button>
          </ProblemBox>
        ) : preview && status ? (
          <Form
            {...props}
            preview={preview}
            status={status}
            isFresh={props.preview.state === 'ready'}
          />
        ) : (
          <Skeleton lines={8} />
        )}
      </article>
    </div>
  );
}

interface IFormProps extends Omit<IRollBackPageProps, 'preview' | 'status'> {
  readonly preview: Preview;
  readonly status: Status;
  /** Whether it is not being asked for again: an older confirmation may be used up. */
  readonly isFresh: boolean;
}

function Form(props: IFormProps): React.ReactElement {
  const { trans, verbs } = useHost();
  const { preview, status, acts } = props;
  const name = actName.rollBack(props.project, props.environment);
  const act = acts.get(name);
  return (
    <>
      <Head {...props} />
      <EarlierAttempt attempt={preview.attempt} earlier={preview.earlier} />
      {preview.reasons.length > 0 && (
        <section className="jp-Mlcd-card" aria-label={trans.__('What is missing')}>
          <header>
            <b>{trans.__('Why it cannot be rolled back')}</b>
          </header>
          <div className="jp-Mlcd-card-body">
            <Reasons status={status} reasons={preview.reasons} acts={acts} />
          </div>
        </section>
      )}
      <Findings findings={preview.findings} />
      <Steps preview={preview} />
      {act?.state === 'failed' && (
        <ProblemBox problem={act.problem}>
          <Button small onClick={() => verbs.forget(name)}>
            {trans.__('Dismiss')}
          </Button>
        </ProblemBox>
      )}
      <Foot {...props} isBusy={act?.state === 'pending'} />
    </>
  );
}

function Head({ preview, environment, choose }: IFormProps): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { replaces, roll_back, version } = preview;
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

function Foot(props: IFormProps & { isBusy: boolean }): React.ReactElement {
  const { trans, isByPerson } = useHost();
  const { preview, environment, isBusy } = props;
  const [why, setWhy] = React.useState('');
  const [typed, type] = React.useState('');
  const isOpen = preview.nonce !== '' && preview.reasons.length === 0;
  const isTyped = !preview.type_version || typed.trim() === preview.version;
  const isSaid = isTyped && why.trim() !== '';
  const canGo = isOpen && props.isFresh && isSaid && !isBusy;
  const confirm = (event: React.MouseEvent): void => {
    if (isByPerson(event.nativeEvent) && canGo) {
      props.confirm(preview, why.trim());
    }
  };
  return (
    <>
      {isOpen && (
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
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow">
          {isOpen && preview.type_version && (
            <TypedVersion version={preview.version} typed={typed} onChange={type} />
          )}
        </span>
        <Button onClick={props.close}>{trans.__('Cancel')}</Button>
        {isOpen && (
          <Button primary disabled={!canGo} onClick={confirm}>
            {isBusy
              ? trans.__('Rolling back…')
              : trans.__('Roll back %1 to %2', environment, preview.version)}
          </Button>
        )}
      </footer>
    </>
  );
}
