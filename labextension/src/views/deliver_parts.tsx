/** What the pages that deliver and roll back have in common. */
import * as React from 'react';

import type { Delivery, Finding, Issue, Preview } from '../api/types';
import { useHost } from './host';
import { Commands, Mark, Sentence } from './parts';
import { deliveryWord } from './words';

export function Findings({
  findings,
  children
}: {
  findings: readonly Finding[];
  /** The way out where they cannot compare. */
  children?: React.ReactNode;
}): React.ReactElement | null {
  const { trans } = useHost();
  if (findings.length === 0) {
    return null;
  }
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('Rules')}>
      <header>
        <b className="jp-Mlcd-grow">{trans.__('Rules')}</b>
      </header>
      <ul className="jp-Mlcd-lines jp-Mlcd-card-body">
        {findings.map(finding => {
          const met = finding.outcome === 'met';
          const excepted = finding.outcome === 'excepted';
          return (
            <li key={finding.rule} data-outcome={finding.outcome}>
              <Mark
                shape={met ? 'passed' : excepted ? 'warning' : 'failed'}
                label={
                  met
                    ? trans.__('met')
                    : excepted
                      ? trans.__('Attention')
                      : finding.outcome === 'not-met'
                        ? trans.__('not met')
                        : trans.__('not comparable')
                }
              />
              <span className="jp-Mlcd-grow">
                <Sentence text={finding.rule} />
              </span>
              <span className="jp-Mlcd-secondary">
                <Sentence text={finding.reason} />
              </span>
            </li>
          );
        })}
      </ul>
      {children}
    </section>
  );
}

export function Steps(props: {
  preview: Preview;
  /** What can be asked beside it. */
  children?: React.ReactNode;
}): React.ReactElement | null {
  const { preview } = props;
  const { trans } = useHost();
  if (preview.steps.length === 0) {
    return null;
  }
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('What will happen')}>
      <header>
        <b>{trans.__('What will happen')}</b>
      </header>
      <div className="jp-Mlcd-card-body">
        <ol className="jp-Mlcd-steps">
          {preview.steps.map(step => (
            <li key={step}>
              <Sentence text={step} />
            </li>
          ))}
        </ol>
        {props.children}
        {preview.text !== '' && (
          <Commands title={trans.__('The text that goes with it')} commands={[preview.text]} />
        )}
        <Commands title={trans.__('Details: the same as commands')} commands={preview.commands} />
      </div>
    </section>
  );
}

/** Asks for the version, where the last rung is meant. */
export function TypedVersion(props: {
  version: string;
  typed: string;
  onChange: (typed: string) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { version, typed, onChange } = props;
  return (
    <label className="jp-Mlcd-secondary">
      {trans.__('Type the version to go on')}{' '}
      <input
        className="jp-Mlcd-input jp-Mlcd-code"
        value={typed}
        placeholder={version}
        size={Math.max(8, version.length + 1)}
        autoComplete="off"
        spellCheck={false}
        onChange={event => onChange(event.target.value)}
      />
    </label>
  );
}

/** Work items with the commits that name them; a link only where the server is sure of it. */
export function Issues({ issues }: { issues: readonly Issue[] }): React.ReactElement | null {
  const { trans } = useHost();
  if (issues.length === 0) {
    return null;
  }
  return (
    <ul className="jp-Mlcd-issues" aria-label={trans.__('Work items')}>
      {issues.map(({ name, url, subjects }) => (
        <li key={name}>
          {url.startsWith('https://') ? (
            <a
              className="jp-Mlcd-code"
              href={url}
              target="_blank"
              rel="noopener noreferrer"
              title={url}
            >
              {name}
            </a>
          ) : (
            <span className="jp-Mlcd-code">{name}</span>
          )}{' '}
          <span className="jp-Mlcd-secondary">{subjects.join(' · ')}</span>
        </li>
      ))}
    </ul>
  );
}

/** The attempt before this one, where it came to nothing. */
export function EarlierAttempt(props: {
  attempt: number;
  earlier: Delivery | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  const { attempt, earlier } = props;
  if (!earlier || earlier.state === 'delivered') {
    return null;
  }
  const word = deliveryWord(earlier.state, trans);
  return (
    <div className="jp-Mlcd-row jp-Mlcd-earlier" role="note">
      <Mark shape="warning" label={trans.__('Attention')} />
      <span className="jp-Mlcd-words">
        {trans.__('This is attempt %1. The one before: %2', attempt, word)}
        {earlier.reason && <span className="jp-Mlcd-secondary">. {earlier.reason}</span>}
      </span>
    </div>
  );
}
