/** What a person says with a delivery: why, and for which work items. Neither has to be. */
import * as React from 'react';

import type { ISaid } from '../api/client';
import { useHost } from './host';

export interface ITyped {
  readonly why: string;
  /** Work items as they were typed. */
  readonly issues: string;
}

/** What work items look like, in every language. */
const ISSUES = '#12, AB#34';

export const NOTHING_SAID: ITyped = { why: '', issues: '' };

/** What was typed, as it is sent; the server says which words are no work items. */
export function said({ why, issues }: ITyped): ISaid {
  return { why: why.trim(), issues: issues.split(/[\s,;]+/).filter(Boolean) };
}

export function SayWhy(props: {
  typed: ITyped;
  onChange: (typed: ITyped) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { typed, onChange } = props;
  return (
    <details className="jp-Mlcd-details">
      <summary>{trans.__('Say why, or name work items')}</summary>
      <div className="jp-Mlcd-sayWhy">
        <label>
          {trans.__('Why')}
          <input
            className="jp-Mlcd-input"
            value={typed.why}
            onChange={event => onChange({ ...typed, why: event.target.value })}
          />
        </label>
        <label>
          {trans.__('Work items')}
          <input
            className="jp-Mlcd-input jp-Mlcd-code"
            value={typed.issues}
            placeholder={ISSUES}
            spellCheck={false}
            onChange={event => onChange({ ...typed, issues: event.target.value })}
          />
        </label>
      </div>
    </details>
  );
}
