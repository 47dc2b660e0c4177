/** The page of what stands in the way of keeping a run; afterwards, the way to its evidence. */
import * as React from 'react';

import type { Run, SecretsFound, Status } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { actName } from '../store/acts';
import { useHost } from './host';
import { KeepSheet } from './keep_sheet';
import { Button, Mark, ProblemBox, Skeleton } from './parts';

export interface ISecretsViewProps {
  readonly project: string;
  readonly run: Remote<Run>;
  readonly found: Remote<SecretsFound>;
  readonly status: Remote<Status>;
  readonly acts: ReadonlyMap<string, Act>;
  readonly close: () => void;
}

export function SecretsView(props: ISecretsViewProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const run = known(props.run);
  const found = known(props.found);
  const problem = problemIn(props.run) ?? problemIn(props.found);
  return (
    <div className="jp-Mlcd jp-Mlcd-page">
      {problem && (
        <ProblemBox problem={problem}>
          <Button small onClick={refresh}>
            {trans.__('Try again')}
          </Button>
        </ProblemBox>
      )}
      {run && found ? (
        <Known {...props} known={run} all={found} />
      ) : (
        !problem && <Skeleton lines={6} />
      )}
    </div>
  );
}

function Known(props: ISecretsViewProps & { known: Run; all: SecretsFound }): React.ReactElement {
  const { trans, open, verbs } = useHost();
  const { project, known: run, all } = props;
  const close = (): void => {
    verbs.forget(actName.keep(project, run.id));
    props.close();
  };
  return (
    <article aria-label={trans.__('Keeping the run of %1', run.suite)} data-secrets={run.id}>
      <h2>{trans.__('Keeping the run of %1', run.suite)}</h2>
      {run.kept ? (
        <>
          <p className="jp-Mlcd-row" role="status">
            <Mark shape="passed" label={trans.__('Kept')} />
            {trans.__('It is kept as evidence.')}
          </p>
          <div className="jp-Mlcd-actions">
            <Button primary onClick={() => open({ kind: 'evidence', project, run: run.id })}>
              {trans.__('See the evidence')}
            </Button>
            <Button onClick={close}>{trans.__('Close')}</Button>
          </div>
        </>
      ) : (
        <KeepSheet
          project={known(props.status)?.project ?? null}
          id={project}
          run={run}
          found={all}
          isFresh={props.found.state === 'ready'}
          acts={props.acts}
          close={close}
        />
      )}
    </article>
  );
}
