/** The small pieces that every view is made of. */
import * as React from 'react';

import type { Problem } from '../api/types';
import { projectOf } from '../store/acts';
import type { Act } from '../store/store';
import { useHost } from './host';
import { Mark } from './mark';
import { withNames } from './names';
import { PERSONAL_FOUND, isToLookAt } from './secret_words';

export { Mark };

interface IButtonProps {
  readonly onClick: (event: React.MouseEvent) => void;
  readonly children: React.ReactNode;
  readonly primary?: boolean;
  readonly small?: boolean;
  /** A name for those who cannot see what it stands beside. */
  readonly name?: string;
  /** Under way, or not possible now. */
  readonly disabled?: boolean;
  /** Whether it is on, of a button that turns something on and off. */
  readonly pressed?: boolean;
}

export function Button(props: IButtonProps): React.ReactElement {
  const kinds = [props.primary && 'jp-Mlcd-mod-primary', props.small && 'jp-Mlcd-mod-small'];
  return (
    <button
      type="button"
      className={['jp-Mlcd-button', ...kinds.filter(Boolean)].join(' ')}
      aria-label={props.name}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

/** Text that opens something. */
export function Link(props: {
  onClick: () => void;
  children: React.ReactNode;
  name?: string;
  title?: string;
}): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-Mlcd-link"
      aria-label={props.name}
      title={props.title}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

export function Tag(props: {
  tone?: 'good' | 'bad' | 'warning' | undefined;
  children: React.ReactNode;
  title?: string;
}): React.ReactElement {
  const tone = props.tone ? ` jp-Mlcd-mod-${props.tone}` : '';
  return (
    <span className={`jp-Mlcd-tag${tone}`} title={props.title}>
      {props.children}
    </span>
  );
}

/** Four pixels that say how far it is. */
export function Bar(props: { fraction: number; label: string }): React.ReactElement {
  const percent = Math.round(props.fraction * 100);
  return (
    <div
      className="jp-Mlcd-bar"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}

/** An error in the server's own words, with what can be done. */
export function ProblemBox(props: {
  problem: Problem;
  children?: React.ReactNode;
}): React.ReactElement {
  const { message, hint, details } = props.problem;
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd-problem" role="alert">
      <Mark shape="failed" label={trans.__('Problem')} />
      <div>
        <div className="jp-Mlcd-problem-message">
          <Sentence text={message} />
        </div>
        {hint && (
          <div className="jp-Mlcd-secondary">
            <Sentence text={hint} />
          </div>
        )}
        {typeof details?.git === 'string' && details.git !== '' && (
          <pre className="jp-Mlcd-block">{details.git}</pre>
        )}
        {props.children && <div className="jp-Mlcd-actions">{props.children}</div>}
      </div>
    </div>
  );
}

/** What people asked for and did not get, until they take it off the screen. */
export function FailedActs(props: {
  acts: ReadonlyMap<string, Act>;
  isShown: (name: string) => boolean;
}): React.ReactElement {
  const { trans, verbs } = useHost();
  return (
    <>
      {[...props.acts].map(
        ([name, act]) =>
          act.state === 'failed' &&
          props.isShown(name) && (
            <FailedAct key={name} name={name} problem={act.problem}>
              <Button small onClick={() => verbs.forget(name)}>
                {trans.__('Dismiss')}
              </Button>
            </FailedAct>
          )
      )}
    </>
  );
}

/** The problem of an act; where it was something in a run, with the way to look at it. */
export function FailedAct(props: {
  name: string;
  problem: Problem;
  children: React.ReactNode;
}): React.ReactElement {
  const { trans, open } = useHost();
  const { name, problem, children } = props;
  const { code, details } = problem;
  const run = details?.run;
  if (!isToLookAt(problem) || typeof run !== 'string' || run === '') {
    return <ProblemBox problem={problem}>{children}</ProblemBox>;
  }
  const count = Array.isArray(details?.findings) ? details.findings.length : 1;
  const message =
    code === PERSONAL_FOUND
      ? trans._n(
          'Not kept: %1 table in the run looks like personal data.',
          'Not kept: %1 tables in the run look like personal data.',
          count
        )
      : trans._n(
          'Not kept: %1 place in the run looks like a secret.',
          'Not kept: %1 places in the run look like secrets.',
          count
        );
  return (
    <ProblemBox problem={{ ...problem, message, hint: trans.__('Nothing was written.') }}>
      <Button small onClick={() => open({ kind: 'secrets', project: projectOf(name), run })}>
        {trans.__('Look at it…')}
      </Button>
      {children}
    </ProblemBox>
  );
}

/** Grey shapes where something will stand. */
export function Skeleton(props: { lines: number }): React.ReactElement {
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd-skeleton" role="status" aria-label={trans.__('Loading')}>
      {Array.from({ length: props.lines }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}

/** An identifier: short to see, whole to copy. */
export function Identifier(props: { text: string; short: string }): React.ReactElement {
  const { trans, copy } = useHost();
  return (
    <button
      type="button"
      className="jp-Mlcd-identifier"
      title={trans.__('%1 (click to copy)', props.text)}
      aria-label={trans.__('Copy %1', props.text)}
      onClick={() => copy(props.text)}
    >
      {props.short}
    </button>
  );
}

/** A plain sentence in which `**names**` are bold and `code` is monospaced. */
export function Sentence(props: { text: string }): React.ReactElement {
  const parts = withNames(props.text).split(/(\*\*[^*]+\*\*|`[^`]+`)/);
  return (
    <>
      {parts.map((part, index) => {
        if (part.startsWith('**') && part.endsWith('**')) {
          return <b key={index}>{part.slice(2, -2)}</b>;
        }
        if (part.length > 2 && part.startsWith('`') && part.endsWith('`')) {
          return <code key={index}>{part.slice(1, -1)}</code>;
        }
        return part;
      })}
    </>
  );
}

/** Facts on one line, with dots between them; lines break after a dot. */
export function Facts(props: { className: string; children: React.ReactNode }): React.ReactElement {
  const shown = React.Children.toArray(props.children).filter(child => child !== '');
  return (
    <div className={props.className}>
      {shown.map((child, index) => (
        <React.Fragment key={index}>
          {index > 0 && ' · '}
          {child}
        </React.Fragment>
      ))}
    </div>
  );
}

/** The same as plain commands, folded away. */
export function Commands(props: {
  title: string;
  commands: readonly string[];
}): React.ReactElement | null {
  if (props.commands.length === 0) {
    return null;
  }
  return (
    <details className="jp-Mlcd-details">
      <summary>{props.title}</summary>
      <pre className="jp-Mlcd-block" tabIndex={0} aria-label={props.title}>
        {props.commands.join('\n')}
      </pre>
    </details>
  );
}
