/** The way out of "not comparable": the live model, scored on today’s data. */
import * as React from 'react';

import type { LiveScoring, Run, Status } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { Refused } from './confirming';
import { duration } from './format';
import { useHost } from './host';
import { withNames } from './names';
import { Bar, Button, Link, Mark } from './parts';
import { fraction } from './words';

interface IScoringProps {
  readonly project: string;
  readonly scoring: LiveScoring | null;
  /** The version that would be delivered; empty for what is ready. */
  readonly version: string;
  /** Knows how far a run is; null where that is not known. */
  readonly status: Status | null;
  readonly acts: ReadonlyMap<string, Act>;
}

export function ScoringOffer(props: IScoringProps): React.ReactElement | null {
  const { trans } = useHost();
  const { scoring } = props;
  if (!scoring) {
    return null;
  }
  const name = actName.scoreLive(props.project, scoring.environment);
  return (
    <section
      className="jp-Mlcd-note jp-Mlcd-scoring"
      aria-label={trans.__('Score %1 on today’s data', scoring.version)}
      aria-live="polite"
      data-scoring={scoring.state}
    >
      {scoring.state === 'going' ? (
        <Going {...props} scoring={scoring} />
      ) : (
        <Said {...props} scoring={scoring} />
      )}
      <Refused name={name} act={props.acts.get(name)} />
    </section>
  );
}

type Known = IScoringProps & { scoring: LiveScoring };

/** How far it is; what came of it appears in its place. */
function Going({ project, scoring, status }: Known): React.ReactElement {
  const { trans } = useHost();
  const run = runOf(status, scoring.run);
  return (
    <>
      <div className="jp-Mlcd-row">
        <Mark shape="running" label={trans.__('Under way')} />
        <span className="jp-Mlcd-grow">
          {trans.__('%1 is being scored on today’s data', scoring.version)}
        </span>
        <SeeRun project={project} scoring={scoring} />
      </div>
      <Bar
        fraction={run ? fraction(run) : 0}
        label={trans.__('Progress of scoring %1', scoring.version)}
      />
    </>
  );
}

/** What it would do, or why it cannot be done, or why it came to nothing. */
function Said(props: Known): React.ReactElement {
  const { trans, verbs } = useHost();
  const { project, scoring, version, acts } = props;
  const { state, words, hint, seconds } = scoring;
  const act = acts.get(actName.scoreLive(project, scoring.environment));
  const isPossible = state === 'possible' || state === 'failed';
  const label =
    state === 'failed'
      ? trans.__('Try again')
      : trans.__('Score %1 on today’s data', scoring.version);
  const time = seconds === null ? '' : trans.__('Takes about %1.', duration(seconds, trans));
  return (
    <>
      <p className="jp-Mlcd-secondary">
        {state === 'impossible' && (
          <b>{trans.__('%1 cannot be scored on today’s data:', scoring.version)} </b>
        )}
        {state === 'failed' && <b>{trans.__('Scoring %1 failed:', scoring.version)} </b>}
        {withNames(ended(words))} {withNames(ended(hint))} {state === 'possible' && time}
      </p>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        {isPossible && (
          <Button
            small
            primary={state === 'possible'}
            disabled={act?.state === 'pending'}
            onClick={() => void verbs.scoreLive(project, scoring.environment, version)}
          >
            {label}
          </Button>
        )}
        {scoring.run && <SeeRun project={project} scoring={scoring} />}
      </div>
    </>
  );
}

function SeeRun({
  project,
  scoring
}: {
  project: string;
  scoring: LiveScoring;
}): React.ReactElement {
  const { trans, open } = useHost();
  return (
    <Link
      name={trans.__('See the run that scores %1', scoring.version)}
      onClick={() => open({ kind: 'run', project, run: scoring.run })}
    >
      {trans.__('See the run')}
    </Link>
  );
}

function runOf(status: Status | null, id: string): Run | undefined {
  return status?.runs.find(run => run.id === id);
}

/** A sentence, with its full stop. */
function ended(words: string): string {
  return words === '' || /[.!?:]$/.test(words) ? words : `${words}.`;
}
