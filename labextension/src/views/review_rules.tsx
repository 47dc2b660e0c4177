/** The rules of an environment as a version meets them: which not, which by an exception of whom. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Finding, ReviewPage, ReviewState } from '../api/types';
import { useHost } from './host';
import { withNames } from './names';
import { Button, Mark, Sentence } from './parts';

interface IRulesProps {
  readonly page: ReviewPage;
  readonly state: ReviewState;
  readonly choose: (environment: string) => void;
  /** Except it from a rule; null where that would not count, or not from here. */
  readonly except: ((rule: string) => void) | null;
  readonly children: React.ReactNode;
}

export function ReviewRules(props: IRulesProps): React.ReactElement {
  const { trans } = useHost();
  const { page, state, choose, except } = props;
  const title = trans.__('Rules for %1', state.environment);
  return (
    <section className="jp-Mlcd-card jp-Mlcd-rules" aria-label={title}>
      <header>
        <b className="jp-Mlcd-grow">{title}</b>
        {page.environments.length > 1 && (
          <HTMLSelect
            aria-label={trans.__('Environment')}
            value={state.environment}
            onChange={event => choose(event.currentTarget.value)}
          >
            {page.environments.map(one => (
              <option key={one.environment} value={one.environment}>
                {one.environment}
              </option>
            ))}
          </HTMLSelect>
        )}
      </header>
      <div className="jp-Mlcd-card-body">
        <ExceptedWords state={state} />
        <ul className="jp-Mlcd-lines">
          {state.findings.map(finding => (
            <Rule key={finding.rule} finding={finding} except={except} />
          ))}
          {state.approval && (
            <Rule finding={state.approval} except={null} isWaitedFor={isWaitedFor(state)} />
          )}
        </ul>
        <Uncounted state={state} />
        {props.children}
      </div>
    </section>
  );
}

/** "1 of 2 rules met, 1 excepted by Ken until 1 Dec 2026: First try". */
function ExceptedWords({ state }: { state: ReviewState }): React.ReactElement | null {
  const { trans } = useHost();
  const { exceptions, findings } = state;
  if (exceptions.length === 0) {
    return null;
  }
  const met = findings.filter(one => one.outcome === 'met').length;
  const words = `${exceptions.length} ${exceptions.join('; ')}`;
  return (
    <p role="note" className="jp-Mlcd-excepted">
      {trans.__('%1 of %2 rules met, %3', met, findings.length, words)}
    </p>
  );
}

function isWaitedFor({ reasons }: ReviewState): boolean {
  return !reasons.some(one => one.code === 'changes-requested');
}

function Rule(props: {
  finding: Finding;
  except: IRulesProps['except'];
  /** Whether nobody said no: it is only not there yet. */
  isWaitedFor?: boolean;
}): React.ReactElement {
  const { trans } = useHost();
  const { finding, except, isWaitedFor } = props;
  const { outcome, rule, reason } = finding;
  const shapes = { met: 'passed', excepted: 'warning' } as const;
  const words = {
    met: trans.__('met'),
    excepted: trans.__('excepted'),
    'not-met': trans.__('not met'),
    'not-comparable': trans.__('not comparable')
  };
  const open = isWaitedFor ? 'waiting' : 'failed';
  const isOpen = outcome !== 'met' && outcome !== 'excepted';
  return (
    <li data-outcome={outcome} data-rule={rule}>
      <Mark shape={isOpen ? open : shapes[outcome]} label={words[outcome]} />
      <span className="jp-Mlcd-grow">
        <Sentence text={rule} />
        <span className="jp-Mlcd-why">
          <Sentence text={reason} />
        </span>
      </span>
      {isOpen && except && (
        <Button
          small
          name={trans.__('Except from: %1', withNames(rule))}
          onClick={() => except(rule)}
        >
          {trans.__('Except…')}
        </Button>
      )}
    </li>
  );
}

/** Why what people said does not do, also of other versions; the count stands among the rules. */
function Uncounted({ state }: { state: ReviewState }): React.ReactElement | null {
  const { trans } = useHost();
  const reasons = state.reasons.filter(one => one.code !== 'approvals-missing');
  if (reasons.length === 0) {
    return null;
  }
  return (
    <ul className="jp-Mlcd-reasons" aria-label={trans.__('What does not count, and why')}>
      {reasons.map(({ code, text }) => (
        <li key={`${code}:${text}`} data-reason={code}>
          <Mark
            shape={code === 'changes-requested' ? 'failed' : 'warning'}
            label={trans.__('Attention')}
          />
          <span className="jp-Mlcd-grow">{withNames(text)}</span>
        </li>
      ))}
    </ul>
  );
}
