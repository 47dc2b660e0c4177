/** What evidence is compared with: what is live, or another kept run of its suite. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Against, EvidenceStatus } from '../api/types';
import { againstWords } from './changes_words';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { verdictWord } from './words';

/** Runs that can be chosen: the newest ones of the suite. */
const LISTED = 100;

export function AgainstChoice(props: {
  run: string;
  suite: string;
  evidence: readonly EvidenceStatus[];
  /** What is compared with now; null where nothing is live. */
  against: Against | null;
  chosen: string;
  choose: (run: string) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { run, suite, evidence, against, chosen, choose } = props;
  const others = evidence.filter(one => one.suite === suite && one.id !== run);
  const listed = others.filter((one, place) => place < LISTED || one.id === chosen);
  const live = against && !chosen ? againstWords(against, now, trans) : trans.__('what is live');
  const words = (one: EvidenceStatus): string =>
    [
      trans.__('%1 by %2', moment(one.at, now, trans), person(one.by)),
      ...one.versions,
      verdictWord('ended', one.verdict, trans)
    ].join(' · ');
  return (
    <label className="jp-Mlcd-against">
      <span className="jp-Mlcd-secondary">{trans.__('compare with')}</span>
      <HTMLSelect value={chosen} onChange={event => choose(event.currentTarget.value)}>
        <option value="">{live}</option>
        {listed.map(one => (
          <option key={one.id} value={one.id}>
            {words(one)}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}
