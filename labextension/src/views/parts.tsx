/** The small pieces that every view is made of. */
import * as React from 'react';

import type { Problem } from '../api/types';
import type { Act } from '../store/store';
import { useHost } from './host';
import type { Shape } from './words';

const PATHS: Record<Shape, React.ReactElement> = {
  passed: (
    <>
      <circle className="jp-Mlcd-mark-ground" cx="8" cy="8" r="8" />
      <path className="jp-Mlcd-mark-sign" d="M4.3 8.4l2.5 2.5 4.9-5.4" />
    </>
  ),
  failed: (
    <>
      <rect className="jp-Mlcd-mark-ground" width="16" height="16" rx="3" />
      <path className="jp-Mlcd-mark-sign" d="M5 5l6 6M11 5l-6 6" />
    </>
  ),
  running: (
    <>
      <circle className="jp-Mlcd-mark-track" cx="8" cy="8" r="6.75" />
      <path className="jp-Mlcd-mark-turning" d="M8 1.25A6.75 6.75 0 1 1 1.25 8" />
    </>
  ),
  waiting: <circle className="jp-Mlcd-mark-ring" cx="8" cy="8" r="6.75" />,
  warning: (
    <>
      <path
        className="jp-Mlcd-mark-ground"
        d="M8 0a6.5 6.5 0 0 1 6.500 6.500V12a1.500 1.500 0 0 1-1.500 1.500H3A1.500 1.500 0 0 1 1.500 12V6.500A6.500 6.500 0 0 1 8 0zM6 14.500h4a2 1.500 0 0 1-4 0z"
      />
      <path className="jp-Mlcd-mark-sign" d="M8 3.500v4.500M8 10.700v.3" />
    </>
  )
};

/** A verdict by shape, colour and word: the word is what is read aloud and shown on hovering. */
export function Mark(props: { shape: Shape; label: string }): React.ReactElement {
  return (
    <svg
      className={`jp-Mlcd-mark jp-Mlcd-mod-${props.shape}`}
      viewBox="0 0 16 16"
      role="img"
      aria-label={props.label}
    >
      <title>{props.label}</title>
      {PATHS[props.shape]}
    </svg>
  );
}

interface IButtonProps {
  readonly onClick: (event: React.MouseEvent) => void;
  readonly children: React.ReactNode;
  readonly primary?: boolean;
  readonly small?: boolean;
  /** A name for those who cannot see what it stands beside. */
  readonly name?: string;
  /** Under way, or not possible now. */
  readonly disabled?: boolean;
}

export function Button(props: IButtonProps): React.ReactElement {
  const kinds = [props.primary && 'jp-Mlcd-mod-primary', props.small && 'jp-Mlcd-mod-small'];
  return (
    <button
      type="button"
      className={['jp-Mlcd-button', ...kinds.filter(Boolean)].join(' ')}
      aria-label={props.name}
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
            <ProblemBox key={name} problem={act.problem}>
              <Button small onClick={() => verbs.forget(name)}>
                {trans.__('Dismiss')}
              </Button>
            </ProblemBox>
          )
      )}
    </>
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
  const parts = props.text.split(/(\*\*[^*]+\*\*|`[^`]+`)/);
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
