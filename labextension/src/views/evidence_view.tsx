/** One piece of evidence: what was tested, by whom, what it scored, and whether it is intact. */
import * as React from 'react';

import type {
  EvidenceStatus,
  FileDigest,
  Manifest,
  Software,
  Status,
  Verification
} from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { Scores } from './evidence_scores';
import { VerificationSteps } from './evidence_verification';
import { MatchTag } from './evidence_row';
import { duration, fileSize, moment, person, shortCommit, shortDigest } from './format';
import { useHost, useNow } from './host';
import { caseTitle, withNames } from './names';
import { Button, Facts, Identifier, Link, Mark, ProblemBox, Skeleton, Tag } from './parts';
import { CoverageFold, NbvalFold } from './run_reports';
import { partialWords, reasonWords, shapeOf, verdictWord } from './words';

export interface IEvidenceViewProps {
  readonly project: string;
  readonly run: string;
  readonly manifest: Remote<Manifest>;
  readonly verification: Remote<Verification>;
  readonly status: Remote<Status>;
  readonly evidence: Remote<readonly EvidenceStatus[]>;
}

export function EvidenceView(props: IEvidenceViewProps): React.ReactElement {
  const manifest = known(props.manifest);
  const problem = problemIn(props.manifest);
  return (
    <div className="jp-Mlcd jp-Mlcd-page">
      {problem && <ProblemBox problem={problem} />}
      {manifest ? <Known {...props} known={manifest} /> : !problem && <Skeleton lines={8} />}
    </div>
  );
}

function Known(props: IEvidenceViewProps & { known: Manifest }): React.ReactElement {
  const { known: manifest } = props;
  const { run } = manifest;
  const { trans } = useHost();
  return (
    <article aria-label={trans.__('Evidence of %1', manifest.run.suite)} data-evidence={props.run}>
      <Head {...props} />
      <VerificationSteps verification={props.verification} />
      <Scores scores={manifest.scores} status={known(props.status)} />
      <Cases {...props} />
      <CoverageFold coverage={run.coverage} />
      <NbvalFold nbval={run.nbval} />
      <Products delivers={manifest.delivers} undelivered={manifest.undelivered} />
      {manifest.software && <SoftwareFold software={manifest.software} />}
      {manifest.other_software.map((software, index) => (
        <SoftwareFold key={index} software={software} />
      ))}
    </article>
  );
}

function Head(props: IEvidenceViewProps & { known: Manifest }): React.ReactElement {
  const { trans, verify, open } = useHost();
  const now = useNow();
  const { known: manifest, project } = props;
  const { run, attempt } = manifest;
  const line = known(props.evidence)?.find(one => one.id === props.run);
  return (
    <>
      <header className="jp-Mlcd-row">
        <Mark
          shape={shapeOf('ended', run.verdict)}
          label={verdictWord('ended', run.verdict, trans)}
        />
        <h2 className="jp-Mlcd-grow">
          {trans.__('Evidence of %1', run.suite)} {line && <MatchTag line={line} />}{' '}
          {line?.versions.map(version => (
            <Tag key={version} tone="good">
              {version}
            </Tag>
          ))}
        </h2>
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
      </header>
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
        <span>{manifest.builder === 'local' ? trans.__('run here') : manifest.builder}</span>
        {line && <Identifier text={line.digest} short={shortDigest(line.digest)} />}
      </Facts>
    </>
  );
}

function Cases({
  known: manifest,
  project
}: IEvidenceViewProps & { known: Manifest }): React.ReactElement {
  const { trans, open } = useHost();
  const { run } = manifest;
  return (
    <section>
      <h3>{trans.__('Cases')}</h3>
      <table className="jp-Mlcd-table" aria-label={trans.__('Cases')}>
        <tbody>
          {run.cases.map((result, index) => {
            const words = caseTitle(result);
            return (
              <tr key={result.id} data-case={result.id} data-verdict={result.verdict ?? ''}>
                <td>
                  <Mark
                    shape={shapeOf(result.state, result.verdict)}
                    label={verdictWord(result.state, result.verdict, trans)}
                  />
                </td>
                <td>
                  {result.notebook}{' '}
                  <span className="jp-Mlcd-code">{parameters(result.parameters)}</span>
                </td>
                <td className="jp-Mlcd-secondary">{reasonWords(result, trans)}</td>
                <td className="jp-Mlcd-mod-right">{duration(result.duration, trans)}</td>
                <td className="jp-Mlcd-mod-right">
                  <Link
                    name={trans.__('Executed notebook of %1', words)}
                    onClick={() =>
                      open({ kind: 'notebook', project, run: run.id, index, title: words })
                    }
                  >
                    {trans.__('Executed notebook')}
                  </Link>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function parameters(all: Record<string, unknown>): string {
  return Object.entries(all)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}

function Products(props: {
  delivers: Record<string, FileDigest>;
  undelivered: string;
}): React.ReactElement | null {
  const { trans } = useHost();
  const files = Object.entries(props.delivers);
  if (files.length === 0 && !props.undelivered) {
    return null;
  }
  return (
    <section>
      <h3>{trans.__('What a release of it delivers')}</h3>
      {props.undelivered && <p className="jp-Mlcd-secondary">{props.undelivered}</p>}
      <dl className="jp-Mlcd-pairs">
        {files.map(([name, file]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>
              {fileSize(file.size)}{' '}
              <Identifier text={file.sha256} short={shortDigest(file.sha256)} />
            </dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}

function SoftwareFold({ software }: { software: Software }): React.ReactElement {
  const { trans } = useHost();
  const packages = Object.entries(software.packages);
  const count = trans._n('%1 package', '%1 packages', packages.length);
  return (
    <details className="jp-Mlcd-details">
      <summary>
        {trans.__('Software: %1 %2, %3', software.language, software.version, count)}
      </summary>
      <p className="jp-Mlcd-secondary">{software.platform}</p>
      <ul className="jp-Mlcd-packages">
        {packages.map(([name, version]) => (
          <li key={name} className="jp-Mlcd-code">
            {name} {version}
          </li>
        ))}
      </ul>
    </details>
  );
}
