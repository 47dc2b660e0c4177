/** The cases of a comparison: which changed, by how much, and which have been read. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { CaseComparison, Relation } from '../api/types';
import { countedWords, relationWord, scoreChangeWords } from './changes_words';
import { notebookName } from './format';
import { useHost } from './host';
import { caseName, variedWords } from './names';
import { Mark } from './parts';
import { shapeOf, verdictWord } from './words';

const NUMBER = 'jp-Mlcd-number';

export function CaseList(props: {
  cases: readonly CaseComparison[];
  shown: number | null;
  read: ReadonlySet<string>;
  choose: (place: number) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { cases, shown, read, choose } = props;
  const count = cases.filter(one => read.has(one.id)).length;
  return (
    <nav className="jp-Mlcd-cases" aria-label={trans.__('Cases')}>
      <p className="jp-Mlcd-secondary">
        {[trans.__('read %1 of %2', count, cases.length), ...relationCounts(cases, trans)].join(
          ' · '
        )}
      </p>
      <ul>
        {cases.map((one, place) => (
          <CaseLine
            key={`${one.id} ${one.relation}`}
            one={one}
            isShown={place === shown}
            isRead={read.has(one.id)}
            choose={() => choose(place)}
          />
        ))}
      </ul>
    </nav>
  );
}

/** "4 changed", "1 new": how many there are of each, where there are any. */
function relationCounts(cases: readonly CaseComparison[], trans: TranslationBundle): string[] {
  const count = (relation: Relation): number =>
    cases.filter(one => one.relation === relation).length;
  const found = [
    count('changed') > 0 && trans.__('%1 changed', count('changed')),
    count('new') > 0 && trans.__('%1 new', count('new')),
    count('gone') > 0 && trans.__('%1 gone', count('gone'))
  ].filter(words => words !== false);
  return found.length > 0 ? found : [trans.__('none changed')];
}

function CaseLine(props: {
  one: CaseComparison;
  isShown: boolean;
  isRead: boolean;
  choose: () => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { one, isShown, isRead, choose } = props;
  const scores = scoreChangeWords(one, trans);
  const details = [countedWords(one, trans), ...scores].filter(Boolean).join(' · ');
  return (
    <li>
      <button
        type="button"
        className="jp-Mlcd-caseLine"
        aria-current={isShown ? 'true' : undefined}
        title={caseName(one)}
        data-case={one.id}
        data-relation={one.relation}
        onClick={choose}
      >
        {one.verdict ? (
          <Mark
            shape={shapeOf('ended', one.verdict)}
            label={verdictWord('ended', one.verdict, trans)}
          />
        ) : (
          <Mark shape="waiting" label={trans.__('gone')} />
        )}
        <span className="jp-Mlcd-grow">
          {notebookName(one.notebook)} <span className="jp-Mlcd-code">{variedWords(one)}</span>
          {details && <span className="jp-Mlcd-caseDetails">{details}</span>}
        </span>
        <span
          className={isRead || one.relation === 'same' ? NUMBER : `${NUMBER} jp-Mlcd-mod-unread`}
        >
          {relationWord(one.relation, trans)}
          <span className="jp-Mlcd-unseen">
            {isRead ? trans.__(', read') : trans.__(', not read yet')}
          </span>
        </span>
      </button>
    </li>
  );
}
