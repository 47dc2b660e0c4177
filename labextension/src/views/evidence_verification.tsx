/** What a verification found, step by numbered step. */
import * as React from 'react';

import type { Verification } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { useHost } from './host';
import { Mark, ProblemBox, Skeleton } from './parts';

export function VerificationSteps(props: {
  verification: Remote<Verification>;
}): React.ReactElement | null {
  const { trans } = useHost();
  const verification = known(props.verification);
  const problem = problemIn(props.verification);
  if (problem) {
    return <ProblemBox problem={problem} />;
  }
  if (props.verification.state === 'pending') {
    return <Skeleton lines={3} />;
  }
  if (!verification) {
    return null;
  }
  const words = verification.ok
    ? trans.__('Verified: this is what was kept.')
    : trans.__('Not verified: something differs from what was kept.');
  return (
    <section
      className="jp-Mlcd-card"
      aria-label={trans.__('Verification')}
      data-ok={verification.ok}
    >
      <header>
        <b role="status">{words}</b>
      </header>
      <ol className="jp-Mlcd-checks">
        {verification.checks.map(check => (
          <li key={check.number}>
            <StepMark check={check} />
            <span className="jp-Mlcd-number">{check.number}.</span>
            <span>
              <b>{check.name}</b> <Secondary text={check.words} />
              {check.hint && <Secondary text={check.hint} />}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepMark({ check }: { check: Verification['checks'][number] }): React.ReactElement {
  const { trans } = useHost();
  if (!check.proves) {
    return <Mark shape="remark" label={trans.__('proves nothing')} />;
  }
  return (
    <Mark
      shape={check.ok ? 'passed' : 'failed'}
      label={check.ok ? trans.__('right') : trans.__('wrong')}
    />
  );
}

function Secondary({ text }: { text: string }): React.ReactElement {
  return <span className="jp-Mlcd-secondary">{text} </span>;
}
