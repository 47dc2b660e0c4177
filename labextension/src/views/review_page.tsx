/** A review: what is asked and said, the rules, what changed, and the words that count. */
import * as React from 'react';

import type {
  EvidenceStatus,
  Manifest,
  ReleaseChanges,
  ReviewPage,
  ReviewState,
  Status
} from '../api/types';
import type { IPlaceOfRemark } from '../store/acts';
import type { IEvidenceReading } from '../store/reading';
import { type Remote, known, problemIn } from '../store/remote';
import type { Act } from '../store/store';
import { useWalk } from './change_walk';
import { ChangesView } from './changes_view';
import { ShareConsent, usualRemote } from './exchange';
import { useHost } from './host';
import { Button, ProblemBox, Skeleton } from './parts';
import { WhatChanges } from './release_changes';
import { RemarkBox } from './remark_box';
import { type Saying, SayingSheet } from './review_acts';
import { ReviewHead, SuiteChoice } from './review_head';
import { ReviewOffer } from './review_offer';
import { ReviewRules } from './review_rules';
import { ReviewSaid } from './review_said';
import { ReviewVoice } from './review_voice';
import { ReviewContext } from './reviewing';
import { RulesChanged } from './rules_changed';
import { ScoreHistories } from './score_histories';
import { ScoringOffer } from './scoring';
import { SinceLooked, useSince } from './since_looked';
import { useDraft } from './use_draft';

export interface IReviewPageProps {
  readonly project: string;
  readonly version: string;
  readonly review: Remote<ReviewPage>;
  /** What it changes against the version that it replaces. */
  readonly release: Remote<ReleaseChanges>;
  readonly status: Remote<Status>;
  readonly evidence: Remote<readonly EvidenceStatus[]>;
  /** Evidence of the run that is read; null where the version stands on none. */
  readonly run: string;
  readonly manifest: Remote<Manifest>;
  readonly reading: IEvidenceReading;
  readonly acts: ReadonlyMap<string, Act>;
  /** Read the evidence of another suite. */
  readonly chooseRun: (run: string) => void;
  /** Where nothing can be said from here: how it is done. */
  readonly elsewhere?: string;
}

export function ReviewView(props: IReviewPageProps): React.ReactElement {
  const { trans, refresh } = useHost();
  const page = known(props.review);
  const problem = problemIn(props.review);
  const { reading } = props;
  const walk = useWalk({
    comparison: known(reading.comparison),
    cells: known(reading.changes)?.cells ?? null,
    shown: reading.shown,
    choose: chosen => reading.look({ chosen })
  });
  return (
    <div
      ref={walk.page}
      className="jp-Mlcd jp-Mlcd-page jp-Mlcd-evidence"
      tabIndex={-1}
      onKeyDown={walk.onKeyDown}
    >
      {problem && (
        <ProblemBox problem={problem}>
          <Button small onClick={refresh}>
            {trans.__('Try again')}
          </Button>
        </ProblemBox>
      )}
      {page ? <Known {...props} page={page} walk={walk} /> : !problem && <Skeleton lines={8} />}
    </div>
  );
}

interface IKnownProps extends IReviewPageProps {
  readonly page: ReviewPage;
  readonly walk: ReturnType<typeof useWalk>;
}

function Known(props: IKnownProps): React.ReactElement {
  const { trans } = useHost();
  const { page, project, acts, elsewhere, reading, run } = props;
  const [meant, lead] = React.useState<IPlaceOfRemark | null>(null);
  const [saying, say] = React.useState<Saying | null>(null);
  const [state, choose] = useEnvironment(page);
  const since = useSince(project, page);
  const remote = usualRemote(page.remotes);
  const consent = useDraft(`share-with:${project}`);
  const shareWith = consent.text === remote ? remote : '';
  const manifest = known(props.manifest);
  const evidence = known(props.evidence) ?? [];
  const canWrite = elsewhere === undefined;
  const go = (place: IPlaceOfRemark): void => {
    const cases = known(reading.comparison)?.cases ?? [];
    const found = cases.findIndex(one => one.id === place.case || one.notebook === place.case);
    if (found >= 0) {
      reading.look({ chosen: found });
      lead({ ...place });
    }
  };
  const reviewing = React.useMemo(
    () => ({
      project,
      version: page.version,
      entries: page.entries,
      fresh: since.fresh,
      acts,
      shareWith,
      canWrite,
      meant
    }),
    [project, page, since.fresh, acts, shareWith, canWrite, meant]
  );
  const isFresh = props.review.state === 'ready' && page.nonce !== '';
  return (
    <article
      aria-label={trans.__('Review of %1 %2', page.project, page.version)}
      data-review={page.version}
      data-digest={page.digest}
    >
      <ReviewVoice entries={page.entries} />
      <ReviewHead {...props} manifest={manifest} />
      <div className="jp-Mlcd-reviewTop">
        <ReviewSaid
          page={page}
          cases={manifest?.run.cases ?? []}
          fresh={since.fresh}
          go={go}
          takeBack={canWrite ? entry => say({ what: 'take-back', entry }) : null}
        >
          {canWrite && (
            <>
              <RemarkBox
                project={project}
                version={page.version}
                about={{ case: '', cell: null }}
                label={trans.__('Comment on %1', page.version)}
                acts={acts}
                shareWith={shareWith}
              />
              <ShareConsent
                remote={remote}
                address={page.remotes[remote] ?? ''}
                isGiven={shareWith !== ''}
                turn={isGiven => consent.write(isGiven ? remote : '')}
              />
            </>
          )}
        </ReviewSaid>
        {state && (
          <ReviewRules
            page={page}
            state={state}
            choose={choose}
            except={canWrite && state.waivable ? rule => say({ what: 'waive', rule }) : null}
          >
            {canWrite && (
              <ScoringOffer
                project={project}
                scoring={state.scoring}
                version={page.version}
                status={known(props.status)}
                acts={acts}
              />
            )}
            {saying === null ? (
              <ReviewOffer
                project={project}
                page={page}
                state={state}
                acts={acts}
                say={say}
                elsewhere={elsewhere}
              />
            ) : (
              <SayingSheet
                key={`${saying.what}:${state.environment}`}
                project={project}
                page={page}
                state={state}
                acts={acts}
                isFresh={isFresh}
                shareWith={shareWith}
                saying={saying}
                close={() => say(null)}
              />
            )}
          </ReviewRules>
        )}
      </div>
      <WhatChanges changes={props.release} />
      {state && <RulesChanged rules={state.rules} />}
      <SuiteChoice page={page} run={run} choose={props.chooseRun} />
      <SinceLooked
        since={since}
        page={page}
        suite={manifest?.run.suite ?? ''}
        run={run}
        evidence={evidence}
        reading={reading}
      />
      <ReviewContext.Provider value={reviewing}>
        <Changes {...props} manifest={manifest} evidence={evidence} />
      </ReviewContext.Provider>
    </article>
  );
}

/** Which environment's rules are shown: what was asked for last, else what wants approvals. */
function useEnvironment(
  page: ReviewPage
): readonly [ReviewState | null, (environment: string) => void] {
  const [chosen, choose] = React.useState('');
  const asked = page.entries.filter(one => one.kind === 'asked').at(-1)?.environment;
  const all = page.environments;
  const named = (name: string | undefined): ReviewState | undefined =>
    all.find(one => one.environment === name);
  const state = named(chosen) ?? named(asked) ?? all.find(one => one.needed > 0) ?? all[0];
  return [state ?? null, choose];
}

interface IChangesProps extends Omit<IKnownProps, 'manifest' | 'evidence'> {
  readonly manifest: Manifest | null;
  readonly evidence: readonly EvidenceStatus[];
}

function Changes(props: IChangesProps): React.ReactElement | null {
  const { trans } = useHost();
  const { project, run, manifest, evidence, reading, walk } = props;
  const status = known(props.status);
  if (!run) {
    return (
      <p className="jp-Mlcd-note">{trans.__('This version stands on no evidence of a suite.')}</p>
    );
  }
  if (!manifest) {
    return <Skeleton lines={6} />;
  }
  return (
    <>
      <ChangesView
        project={status?.project ?? { id: project, name: '', path: '' }}
        manifest={manifest}
        evidence={evidence}
        reading={reading}
        walk={walk}
      />
      <ScoreHistories project={project} history={reading.history} status={status} />
    </>
  );
}
