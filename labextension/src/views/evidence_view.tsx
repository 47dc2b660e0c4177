/** One piece of evidence: what changed in it, what was tested, what it scored, what it ran on. */
import * as React from 'react';

import type {
  ErasurePlan,
  EvidenceStatus,
  ScoreHistory,
  ShownEvidence,
  Status,
  Verification
} from '../api/types';
import type { IEvidenceReading } from '../store/reading';
import { IDLE, type Remote, known, problemIn } from '../store/remote';
import { useWalk } from './change_walk';
import { ChangesView } from './changes_view';
import { againstWords } from './changes_words';
import { EraseSheet } from './erase_sheet';
import { Cases } from './evidence_cases';
import { Figures } from './evidence_figures';
import { Head } from './evidence_head';
import { Products } from './evidence_products';
import { Scores } from './evidence_scores';
import { SoftwareChanges, SoftwareFold } from './evidence_software';
import { VerificationSteps } from './evidence_verification';
import { useHost, useNow } from './host';
import { KeptNotice } from './kept_notice';
import { type ITidy, More } from './more';
import { ProblemBox, Skeleton } from './parts';
import { WhatChanges } from './release_changes';
import { type IReviewing, ReviewContext } from './reviewing';
import { CoverageFold, NbvalFold } from './run_reports';
import { ScoreHistories } from './score_histories';

export interface IEvidenceViewProps {
  readonly project: string;
  readonly run: string;
  readonly manifest: Remote<ShownEvidence>;
  readonly verification: Remote<Verification>;
  readonly status: Remote<Status>;
  readonly evidence: Remote<readonly EvidenceStatus[]>;
  /** What is read of its changes; without it they are left out. */
  readonly reading?: IEvidenceReading;
  /** The review of the newest version that stands on it; null where there is none. */
  readonly reviewing?: IReviewing | null;
  /** What erasing it would do; without it nothing is erased from here. */
  readonly tidy?: ITidy<ErasurePlan>;
}

const NO_HISTORY: Remote<ScoreHistory> = IDLE;

export function EvidenceView(props: IEvidenceViewProps): React.ReactElement {
  const manifest = known(props.manifest);
  const problem = problemIn(props.manifest);
  const { reading } = props;
  const walk = useWalk({
    comparison: reading ? known(reading.comparison) : null,
    cells: reading ? (known(reading.changes)?.cells ?? null) : null,
    shown: reading?.shown ?? null,
    choose: chosen => reading?.look({ chosen })
  });
  const line = known(props.evidence)?.find(one => one.id === props.run);
  return (
    <div
      ref={walk.page}
      className="jp-Mlcd jp-Mlcd-page jp-Mlcd-evidence"
      tabIndex={-1}
      onKeyDown={walk.onKeyDown}
    >
      {problem && <ProblemBox problem={problem} />}
      {manifest ? (
        <Known {...props} known={manifest} line={line} walk={walk} />
      ) : (
        !problem && <Skeleton lines={8} />
      )}
    </div>
  );
}

interface IKnownProps extends IEvidenceViewProps {
  readonly known: ShownEvidence;
  readonly line: EvidenceStatus | undefined;
  readonly walk: ReturnType<typeof useWalk>;
}

function Known(props: IKnownProps): React.ReactElement {
  const { known: manifest, project, reading, walk } = props;
  const { run } = manifest;
  const { trans } = useHost();
  const status = known(props.status);
  const comparison = reading ? known(reading.comparison) : null;
  const [isMore, turnMore] = React.useState(false);
  const more = props.tidy && { isOpen: isMore, turn: turnMore };
  return (
    <article aria-label={trans.__('Evidence of %1', run.suite)} data-evidence={props.run}>
      <Head
        {...props}
        manifest={manifest}
        environment={status?.deliver?.environment ?? ''}
        more={more}
      />
      {props.tidy && (
        <More
          tidy={props.tidy}
          isShown={isMore}
          label={trans.__('Erase…')}
          note={trans.__('Removes what this machine holds of it; its record in git stays.')}
        >
          <EraseSheet
            project={project}
            plan={props.tidy.plan}
            acts={props.tidy.acts}
            close={() => props.tidy?.turn(false)}
          />
        </More>
      )}
      <KeptNotice manifest={manifest} />
      <VerificationSteps verification={props.verification} />
      {reading?.release && <WhatChanges changes={reading.release} />}
      {reading && (
        <ReviewContext.Provider value={props.reviewing ?? null}>
          <ChangesView
            project={status?.project ?? { id: project, name: '', path: '' }}
            manifest={manifest}
            evidence={known(props.evidence) ?? []}
            reading={reading}
            walk={walk}
          />
        </ReviewContext.Provider>
      )}
      <Cases project={project} manifest={manifest} />
      <Scores scores={manifest.scores} status={status} />
      <ScoreHistories project={project} history={reading?.history ?? NO_HISTORY} status={status} />
      {comparison && (
        <Figures project={project} figures={comparison.figures} against={comparison.against} />
      )}
      <CoverageFold coverage={run.coverage} />
      <NbvalFold nbval={run.nbval} />
      <Products {...manifest} />
      <SoftwareSection {...props} />
    </article>
  );
}

function SoftwareSection({ known: manifest, reading }: IKnownProps): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const comparison = reading ? known(reading.comparison) : null;
  const all = [manifest.software, ...manifest.other_software].filter(one => one !== null);
  return (
    <section aria-label={trans.__('Software')}>
      <h3>{trans.__('Software')}</h3>
      {comparison?.against && (
        <SoftwareChanges
          changes={comparison.software}
          before={againstWords(comparison.against, now, trans)}
        />
      )}
      {all.map((software, index) => (
        <SoftwareFold key={index} software={software} />
      ))}
      <p className="jp-Mlcd-secondary">{trans.__('kept by %1', manifest.made_by)}</p>
    </section>
  );
}
