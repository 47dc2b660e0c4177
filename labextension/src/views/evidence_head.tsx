/** What evidence is of: verdict, when, by whom, of which commit, and whether it is intact. */
import * as React from 'react';

import type { EvidenceStatus, Manifest, Verification } from '../api/types';
import { type Remote, known } from '../store/remote';
import { MatchTag, VerifiedTag } from './evidence_row';
import { moment, person, shortCommit, shortDigest } from './format';
import { useHost, useNow } from './host';
import { type IFold, MoreButton } from './more';
import { withNames } from './names';
import { Button, Facts, Identifier, Mark, Tag } from './parts';
import { partialWords, shapeOf, verdictWord } from './words';

interface IHeadProps {
  readonly project: string;
  readonly run: string;
  readonly manifest: Manifest;
  readonly line: EvidenceStatus | undefined;
  readonly verification: Remote<Verification>;
  /** Where it would be delivered to next; empty where there is nowhere. */
  readonly environment: string;
  /** Whether what is seldom wanted is folded out; undefined where there is nothing. */
  readonly more: IFold | undefined;
}

export function Head(props: IHeadProps): React.ReactElement {
  const { trans, verify, open } = useHost();
  const { project, line } = props;
  const { run } = props.manifest;
  return (
    <>
      <header className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <Mark
          shape={shapeOf('ended', run.verdict)}
          label={verdictWord('ended', run.verdict, trans)}
        />
        <h2 className="jp-Mlcd-grow">
          {trans.__('Evidence of %1', run.suite)} {line && <MatchTag line={line} />}{' '}
          <VerifiedTag verification={known(props.verification)} />{' '}
          {line?.versions.map(version => (
            <Tag key={version} tone="good">
              {version}
            </Tag>
          ))}
        </h2>
        <ReviewButton project={project} line={line} environment={props.environment} />
        <Button onClick={() => open({ kind: 'run', project, run: run.id })}>
          {trans.__('See the run')}
        </Button>
        <Button
          primary
          disabled={props.verification.state === 'pending'}
          onClick={() => verify(project, props.run)}
        >
          {trans.__('Verify')}
        </Button>
        {props.more && (
          <MoreButton
            {...props.more}
            name={trans.__('More about this evidence')}
            title={trans.__('Erase')}
          />
        )}
      </header>
      <HeadFacts {...props} />
    </>
  );
}

/** To the review of the version that stands on it; before there is one, to asking for it. */
function ReviewButton(props: {
  project: string;
  line: EvidenceStatus | undefined;
  environment: string;
}): React.ReactElement | null {
  const { trans, open } = useHost();
  const { project, line, environment } = props;
  const version = line?.versions.at(-1);
  if (version !== undefined) {
    return (
      <Button onClick={() => open({ kind: 'review', project, version })}>
        {trans.__('Review of %1', version)}
      </Button>
    );
  }
  return line?.match === 'matches' && !line.scored && environment ? (
    <Button onClick={() => open({ kind: 'ask-review', project, environment })}>
      {trans.__('Ask for review…')}
    </Button>
  ) : null;
}

function HeadFacts({ manifest, line }: IHeadProps): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { run, attempt, builder } = manifest;
  return (
    <Facts className="jp-Mlcd-facts">
      <span title={run.by}>
        {trans.__('%1 by %2', moment(run.ended || run.started, now, trans), person(run.by))}
      </span>
      {run.commit && <Identifier text={run.commit} short={shortCommit(run.commit)} />}
      {Object.keys(run.dirty).length > 0 && (
        <span title={Object.keys(run.dirty).join('\n')}>
          {trans.__('with uncommitted changes')}
        </span>
      )}
      <span>{withNames(run.reason)}</span>
      {run.partial && <span>{partialWords(run, null, trans)}</span>}
      {attempt > 1 && <span>{trans.__('attempt %1 at these files', attempt)}</span>}
      <span>{builder === 'local' ? trans.__('run here') : trans.__('run by %1', builder)}</span>
      {line && <Identifier text={line.digest} short={shortDigest(line.digest)} />}
    </Facts>
  );
}
