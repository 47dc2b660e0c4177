/** The histories of all scores that evidence has; the first few are drawn at once. */
import * as React from 'react';

import type { ScoreHistory, Status } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { useHost } from './host';
import { scoreName } from './names';
import { Button, ProblemBox } from './parts';
import { ScorePlot } from './score_plot';

/** Pictures that are drawn before somebody asks for more. */
const FIRST = 2;

export function ScoreHistories(props: {
  project: string;
  history: Remote<ScoreHistory>;
  status: Status | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  const [isAll, showAll] = React.useState(false);
  const { project, status } = props;
  const history = known(props.history);
  const problem = problemIn(props.history);
  if (problem) {
    return <ProblemBox problem={problem} />;
  }
  const names = history ? inOrder(Object.keys(history.scores)) : [];
  if (!history || names.length === 0) {
    return null;
  }
  const live = [...(status?.environments ?? [])].reverse().find(one => one.live)?.live?.version;
  const shown = isAll ? names : names.slice(0, FIRST);
  return (
    <section aria-label={trans.__('History of scores')}>
      <h3>{trans.__('Scores over time')}</h3>
      <div className="jp-Mlcd-plots">
        {shown.map(name => (
          <ScorePlot
            key={name}
            project={project}
            name={name}
            points={history.scores[name] ?? []}
            run={history.run}
            live={live ?? ''}
          />
        ))}
      </div>
      {names.length > shown.length && (
        <Button small onClick={() => showAll(true)}>
          {trans._n('%1 more score', '%1 more scores', names.length - shown.length)}
        </Button>
      )}
      {history.left_out > 0 && (
        <p className="jp-Mlcd-secondary">
          {trans._n('%1 older run is not shown.', '%1 older runs are not shown.', history.left_out)}
        </p>
      )}
    </section>
  );
}

/** Scores of all data before those of slices. */
function inOrder(names: readonly string[]): string[] {
  const isSlice = (name: string): boolean => scoreName(name).slice !== '';
  return [...names.filter(name => !isSlice(name)), ...names.filter(isSlice)];
}
