/** What can be done with a suite: cancel what goes on, else keep it and run it again. */
import * as React from 'react';

import type { Run, SuiteStatus } from '../api/types';
import { actName } from '../store/acts';
import { isRed } from '../store/questions';
import type { Act } from '../store/store';
import { useHost } from './host';
import { Button } from './parts';
interface ISuiteButtonsProps {
  readonly project: string;
  /** The suite's, or where it is none the run's. */
  readonly name: string;
  /** Null for a run that no suite shows. */
  readonly suite: SuiteStatus | null;
  readonly run: Run | null;
  readonly acts: ReadonlyMap<string, Act>;
}

export function SuiteButtons(props: ISuiteButtonsProps): React.ReactElement {
  const { run, project, acts, name } = props;
  const { trans, verbs } = useHost();
  if (run && run.state !== 'ended') {
    return (
      <span className="jp-Mlcd-buttons">
        <Button
          small
          name={trans.__('Cancel the run of %1', name)}
          disabled={acts.get(actName.cancel(project, run.id))?.state === 'pending'}
          onClick={() => void verbs.cancel(project, run.id)}
        >
          {trans.__('Cancel')}
        </Button>
      </span>
    );
  }
  return (
    <span className="jp-Mlcd-buttons">
      {run && !run.kept && (
        <Button
          small
          name={trans.__('Keep the run of %1', name)}
          disabled={acts.get(actName.keep(project, run.id))?.state === 'pending'}
          onClick={() => void verbs.keep(project, run.id)}
        >
          {trans.__('Keep')}
        </Button>
      )}
      {props.suite && <RunButtons {...props} />}
    </span>
  );
}

function RunButtons({ project, name, run, acts }: ISuiteButtonsProps): React.ReactElement {
  const { trans, verbs } = useHost();
  const isStarting = acts.get(actName.run(project, name))?.state === 'pending';
  return (
    <>
      {run && isRed(run.verdict) && (
        <Button
          small
          name={trans.__('Run failed only: %1', name)}
          disabled={isStarting}
          onClick={() => void verbs.run(project, { suite: name, failed_only: true })}
        >
          {trans.__('Run failed only')}
        </Button>
      )}
      <Button
        small
        name={trans.__('Run %1', name)}
        disabled={isStarting}
        onClick={() => void verbs.run(project, { suite: name })}
      >
        {trans.__('Run')}
      </Button>
    </>
  );
}
