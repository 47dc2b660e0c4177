/** What the CD system would make of a delivery, asked for by a click; nothing is started. */
import * as React from 'react';

import { problemOf } from '../api/problem';
import { type Remote, IDLE, failed, known, pending, problemIn, ready } from '../store/remote';
import { useHost } from './host';
import { Button, ProblemBox, Sentence } from './parts';

interface IRehearsalProps {
  readonly project: string;
  readonly environment: string;
}

export function Rehearsal({ project, environment }: IRehearsalProps): React.ReactElement {
  const { trans, rehearse, isByPerson } = useHost();
  const [said, say] = React.useState<Remote<readonly string[]>>(IDLE);
  const problem = problemIn(said);
  const words = known(said);
  const ask = (): void => {
    say(pending(said));
    rehearse(project, environment)
      .then(found => say(ready(found)))
      .catch((thrown: unknown) => say(failed(problemOf(thrown), said)));
  };
  return (
    <div data-rehearsal={said.state}>
      <div className="jp-Mlcd-actions">
        <Button
          small
          disabled={said.state === 'pending'}
          onClick={event => isByPerson(event.nativeEvent) && ask()}
        >
          {said.state === 'pending' ? trans.__('Asking the system…') : trans.__('Rehearse')}
        </Button>
        <span className="jp-Mlcd-secondary">
          {trans.__('asks the system what it would make of this; nothing is started')}
        </span>
      </div>
      {problem && <ProblemBox problem={problem} />}
      {words && (
        <ul className="jp-Mlcd-steps" role="status" aria-label={trans.__('What the system says')}>
          {words.length === 0 && <li>{trans.__('It says nothing more than this page.')}</li>}
          {words.map(one => (
            <li key={one}>
              <Sentence text={one} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
