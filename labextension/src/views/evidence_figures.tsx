/** The figures that notebooks recorded, before and after. */
import * as React from 'react';

import type { Against, FigureComparison } from '../api/types';
import { BeforeAfter } from './before_after';
import { againstWords } from './changes_words';
import { useHost, useNow } from './host';
import { withNames } from './names';
import { Button } from './parts';

/** Figures that are fetched before somebody asks for more. */
const FIRST = 4;

export function Figures(props: {
  project: string;
  figures: readonly FigureComparison[];
  against: Against | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const [isAll, showAll] = React.useState(false);
  const { project, figures, against } = props;
  if (figures.length === 0) {
    return null;
  }
  const sides = {
    before: against && trans.__('before: %1', againstWords(against, now, trans)),
    after: trans.__('after')
  };
  const shown = isAll ? figures : figures.slice(0, FIRST);
  return (
    <section aria-label={trans.__('Figures')}>
      <h3>{trans.__('Figures')}</h3>
      <ul className="jp-Mlcd-figures">
        {shown.map(figure => (
          <li key={`${figure.case} ${figure.name}`}>
            <p>
              <b>{figure.name}</b>{' '}
              <span className="jp-Mlcd-secondary">{withNames(figure.case)}</span>
            </p>
            <BeforeAfter
              project={project}
              name={figure.name}
              before={figure.before}
              after={figure.after}
              sides={sides}
            />
          </li>
        ))}
      </ul>
      {figures.length > shown.length && (
        <Button small onClick={() => showAll(true)}>
          {trans._n('%1 more figure', '%1 more figures', figures.length - shown.length)}
        </Button>
      )}
    </section>
  );
}
