/** All evidence of a project, newest first. */
import * as React from 'react';

import type { EvidenceStatus } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { EvidenceMark, MatchTag } from './evidence_row';
import { moment, person, shortDigest } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';
import { Button, Facts, Identifier, Link, ProblemBox, Skeleton, Tag } from './parts';

/** Lines that are drawn at once; more on request, so that thousands stay quick. */
const PAGE = 100;

export interface IEvidenceListProps {
  readonly project: string;
  readonly name: string;
  readonly evidence: Remote<readonly EvidenceStatus[]>;
}

export function EvidenceList(props: IEvidenceListProps): React.ReactElement {
  const { trans } = useHost();
  const [shown, show] = React.useState(PAGE);
  const all = known(props.evidence);
  const problem = problemIn(props.evidence);
  return (
    <div className="jp-Mlcd jp-Mlcd-page">
      <h2>{trans.__('Evidence of %1', props.name)}</h2>
      <Facts className="jp-Mlcd-facts">
        <span>{trans.__('kept in git, on the branch mlcd/evidence')}</span>
      </Facts>
      {problem && <ProblemBox problem={problem} />}
      {!all && !problem && <Skeleton lines={6} />}
      {all?.length === 0 && (
        <p className="jp-Mlcd-secondary">
          {trans.__('None yet. Run a suite and keep the run: it becomes a commit of its own.')}
        </p>
      )}
      {all && all.length > 0 && <Table project={props.project} lines={all.slice(0, shown)} />}
      {all && all.length > shown && (
        <Button onClick={() => show(shown + PAGE)}>
          {trans.__('Show more (%1 left)', all.length - shown)}
        </Button>
      )}
    </div>
  );
}

function Table(props: { project: string; lines: readonly EvidenceStatus[] }): React.ReactElement {
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd-scroll">
      <table className="jp-Mlcd-table" aria-label={trans.__('Evidence')}>
        <thead>
          <tr>
            <th scope="col">
              <span className="jp-Mlcd-unseen">{trans.__('verdict')}</span>
            </th>
            <th scope="col">{trans.__('suite')}</th>
            <th scope="col">{trans.__('when')}</th>
            <th scope="col">{trans.__('by')}</th>
            <th scope="col">{trans.__('result')}</th>
            <th scope="col">{trans.__('files')}</th>
            <th scope="col">{trans.__('versions')}</th>
            <th scope="col">{trans.__('fingerprint')}</th>
          </tr>
        </thead>
        <tbody>
          {props.lines.map(line => (
            <Line key={line.id} project={props.project} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line(props: { project: string; line: EvidenceStatus }): React.ReactElement {
  const { trans, open } = useHost();
  const now = useNow();
  const { line, project } = props;
  const when = moment(line.at, now, trans);
  return (
    <tr data-evidence={line.id} data-match={line.match}>
      <td>
        <EvidenceMark line={line} />
      </td>
      <td>
        <Link
          name={trans.__('Evidence of %1, %2', line.suite, when)}
          onClick={() => open({ kind: 'evidence', project, run: line.id })}
        >
          {line.suite}
        </Link>
      </td>
      <td>{when}</td>
      <td title={line.by}>{person(line.by)}</td>
      <td className="jp-Mlcd-secondary">{withNames(line.reason)}</td>
      <td>
        <MatchTag line={line} />
      </td>
      <td>
        {line.versions.map(version => (
          <Tag key={version}>{version}</Tag>
        ))}
      </td>
      <td>
        <Identifier text={line.digest} short={shortDigest(line.digest)} />
      </td>
    </tr>
  );
}
