/** A page that shows what will happen and is confirmed by one click of a person, once. */
import * as React from 'react';

import type { Preview, Status } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { TypedVersion } from './deliver_parts';
import { useHost } from './host';
import { Button, FailedAct, ProblemBox, Skeleton } from './parts';
import { Reasons } from './way_out';

export interface IShown {
  readonly preview: Preview;
  readonly status: Status;
  /** Whether it is not being asked for again: an older confirmation may be used up. */
  readonly isFresh: boolean;
}

interface IAwaitedProps {
  readonly preview: Remote<Preview>;
  readonly status: Remote<Status>;
  /** Heads the problem where there is nothing to show. */
  readonly title: string;
  readonly children: (shown: IShown) => React.ReactNode;
}

/** What there is to confirm, once it is known; a problem with a way to ask again. */
export function Awaited(props: IAwaitedProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const preview = known(props.preview);
  const status = known(props.status);
  const problem = problemIn(props.preview);
  if (problem) {
    return (
      <>
        <h2>{props.title}</h2>
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
  return <>{props.children({ preview, status, isFresh: props.preview.state === 'ready' })}</>;
}

/** Every reason why it cannot be done, each with its way out. */
export function Missing({
  shown,
  title,
  acts
}: {
  shown: IShown;
  title: string;
  acts: ReadonlyMap<string, Act>;
}): React.ReactElement | null {
  const { trans } = useHost();
  const { preview, status } = shown;
  if (preview.reasons.length === 0) {
    return null;
  }
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('What is missing')}>
      <header>
        <b>{title}</b>
      </header>
      <div className="jp-Mlcd-card-body">
        <Reasons
          status={status}
          reasons={preview.reasons}
          except={preview.scoring ? 'score-live' : ''}
          acts={acts}
        />
      </div>
    </section>
  );
}

/** What the server said to a confirmation that it did not take. */
export function Refused({
  name,
  act
}: {
  name: string;
  act: Act | undefined;
}): React.ReactElement | null {
  const { trans, verbs } = useHost();
  if (act?.state !== 'failed') {
    return null;
  }
  return (
    <FailedAct name={name} problem={act.problem}>
      <Button small onClick={() => verbs.forget(name)}>
        {trans.__('Dismiss')}
      </Button>
    </FailedAct>
  );
}

/** Whether there is anything to confirm: the server gives a nonce where nothing is missing. */
export function isOpen({ preview }: IShown): boolean {
  return preview.nonce !== '' && preview.reasons.length === 0;
}

interface IConfirmProps {
  readonly shown: IShown;
  /** What the button says. */
  readonly label: string;
  /** Null until the click; then what the button says while the server is at it. */
  readonly busy: string | null;
  /** Whether all else that is asked for was said. */
  readonly isSaid?: boolean;
  readonly confirm: () => void;
  readonly close: () => void;
}

/** The version to type where it is asked for, and the one button. */
export function Confirm(props: IConfirmProps): React.ReactElement {
  const { trans, isByPerson } = useHost();
  const { shown, busy, isSaid = true } = props;
  const { version, type_version: isToType } = shown.preview;
  const [typed, type] = React.useState('');
  const isTyped = !isToType || typed.trim() === version;
  const canGo = isOpen(shown) && shown.isFresh && isTyped && isSaid && busy === null;
  const confirm = (event: React.MouseEvent): void => {
    if (isByPerson(event.nativeEvent) && canGo) {
      props.confirm();
    }
  };
  return (
    <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
      <span className="jp-Mlcd-grow">
        {isOpen(shown) && isToType && (
          <TypedVersion version={version} typed={typed} onChange={type} />
        )}
      </span>
      <Button onClick={props.close}>{trans.__('Cancel')}</Button>
      {isOpen(shown) && (
        <Button primary disabled={!canGo} onClick={confirm}>
          {busy ?? props.label}
        </Button>
      )}
    </footer>
  );
}

/** Stands in the place of what is shown before it is confirmed: it is asked for, or cannot be had. */
export function NotYet(props: {
  readonly of: Remote<unknown>;
  readonly close: () => void;
}): React.ReactElement {
  const { trans, refresh } = useHost();
  const problem = problemIn(props.of);
  return problem ? (
    <ProblemBox problem={problem}>
      <Button small onClick={refresh}>
        {trans.__('Try again')}
      </Button>
      <Button small onClick={props.close}>
        {trans.__('Close')}
      </Button>
    </ProblemBox>
  ) : (
    <Skeleton lines={4} />
  );
}
