/** How the rules differ from those that what is live had to meet, and who changed them. */
import * as React from 'react';

import type { RulesChanged as Changed } from '../api/types';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';

export function RulesChanged({ rules }: { rules: Changed | null }): React.ReactElement | null {
  const { trans } = useHost();
  if (!rules) {
    return null;
  }
  if (!rules.is_known) {
    return (
      <p className="jp-Mlcd-secondary" role="note">
        {trans.__('It is not known which rules %1 had to meet.', rules.version)}
      </p>
    );
  }
  const title = trans.__('Rules that changed since %1 was delivered', rules.version);
  return (
    <section className="jp-Mlcd-card" aria-label={title}>
      <header>
        <b className="jp-Mlcd-grow">{title}</b>
      </header>
      <div className="jp-Mlcd-card-body">
        <Known rules={rules} />
      </div>
    </section>
  );
}

function Known({ rules }: { rules: Changed }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  return (
    <>
      <ul className="jp-Mlcd-lines">
        {rules.changes.map(change => (
          <li key={change} data-rule-change="">
            {withNames(change)}
          </li>
        ))}
      </ul>
      {rules.commits.length > 0 && (
        <ul
          className="jp-Mlcd-lines jp-Mlcd-secondary"
          aria-label={trans.__('Commits that changed them')}
        >
          {rules.commits.map(({ id, by, at, subject }) => (
            <li key={id}>
              <code>{id.slice(0, 7)}</code>
              <span className="jp-Mlcd-grow">{subject}</span>
              <span title={by}>{trans.__('%1, %2', person(by), moment(at, now, trans))}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
