/** All evidence of a project, newest first, a page at a time, and what is looked for in it. */
import * as React from 'react';

import type { EvidenceStatus, Pruned, Verification } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { filtered } from './evidence_filter';
import { BuilderTag, EvidenceMark, MatchTag, VerifiedTag } from './evidence_row';
import { moment, person, shortDigest } from './format';
import { useHost, useNow } from './host';
import { type ITidy, More, MoreButton } from './more';
import { withNames } from './names';
import { Button, Facts, Identifier, Link, ProblemBox, Skeleton, Tag } from './parts';
import { PruneSheet } from './prune_sheet';

/** Lines that are in the page at once, so that thousands of them stay quick. */
const PAGE = 100;

export interface IEvidenceListProps {
  readonly project: string;
  readonly name: string;
  readonly evidence: Remote<readonly EvidenceStatus[]>;
  /** What was found where somebody had a run verified in this page. */
  readonly verified?: (run: string) => Verification | null;
  /** What cleaning up would do; without it nothing is cleaned up from here. */
  readonly tidy?: ITidy<Pruned>;
}

export function EvidenceList(props: IEvidenceListProps): React.ReactElement {
  const { trans } = useHost();
  const all = known(props.evidence);
  const problem = problemIn(props.evidence);
  const [isMore, turnMore] = React.useState(false);
  const { tidy } = props;
  return (
    <div className="jp-Mlcd jp-Mlcd-page">
      <div className="jp-Mlcd-row">
        <h2 className="jp-Mlcd-grow">{trans.__('Evidence of %1', props.name)}</h2>
        {tidy && (
          <MoreButton
            isOpen={isMore}
            turn={turnMore}
            name={trans.__('More about the evidence')}
            title={trans.__('Clean up')}
          />
        )}
      </div>
      <Facts className="jp-Mlcd-facts">
        <span>{trans.__('kept in git, on the branch mlcd/evidence')}</span>
      </Facts>
      {tidy && (
        <More
          tidy={tidy}
          isShown={isMore}
          label={trans.__('Clean up…')}
          note={trans.__(
            'Removes old drafts and stored files that nothing needs; shows which first.'
          )}
        >
          <PruneSheet
            project={props.project}
            plan={tidy.plan}
            acts={tidy.acts}
            close={() => tidy.turn(false)}
          />
        </More>
      )}
      {problem && <ProblemBox problem={problem} />}
      {!all && !problem && <Skeleton lines={6} />}
      {all?.length === 0 && (
        <p className="jp-Mlcd-secondary">
          {trans.__('None yet. Run a suite and keep the run: it becomes a commit of its own.')}
        </p>
      )}
      {all && all.length > 0 && <Found {...props} all={all} />}
    </div>
  );
}

function Found(props: IEvidenceListProps & { all: readonly EvidenceStatus[] }): React.ReactElement {
  const { trans } = useHost();
  const { all } = props;
  const [words, look] = React.useState('');
  const [page, turn] = React.useState(0);
  const found = React.useMemo(() => filtered(all, words, trans), [all, words, trans]);
  const from = Math.min(page, Math.ceil(found.length / PAGE) - 1) * PAGE;
  const start = Math.max(0, from);
  const lines = found.slice(start, start + PAGE);
  return (
    <>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <input
          className="jp-Mlcd-input jp-Mlcd-filter"
          type="search"
          value={words}
          placeholder={trans.__('Suite, verdict, version, person…')}
          aria-label={trans.__('Filter evidence')}
          onChange={event => {
            look(event.currentTarget.value);
            turn(0);
          }}
        />
        <span className="jp-Mlcd-grow jp-Mlcd-number" role="status">
          {countWords(found.length, all.length, trans)}
        </span>
        {found.length > PAGE && (
          <Pages start={start} count={found.length} turn={by => turn(start / PAGE + by)} />
        )}
      </div>
      {lines.length > 0 ? (
        <Table {...props} lines={lines} start={start} count={found.length} />
      ) : (
        <p className="jp-Mlcd-note">{trans.__('None of it is what you look for.')}</p>
      )}
    </>
  );
}

function countWords(
  found: number,
  all: number,
  trans: ReturnType<typeof useHost>['trans']
): string {
  return found === all ? trans._n('%1 run', '%1 runs', all) : trans.__('%1 of %2', found, all);
}

function Pages(props: {
  start: number;
  count: number;
  turn: (by: 1 | -1) => void;
}): React.ReactElement {
  const { trans } = useHost();
  const { start, count, turn } = props;
  const end = Math.min(start + PAGE, count);
  return (
    <nav className="jp-Mlcd-buttons" aria-label={trans.__('Pages of evidence')}>
      <span className="jp-Mlcd-number">{trans.__('%1-%2 of %3', start + 1, end, count)}</span>
      <Button small disabled={start === 0} onClick={() => turn(-1)}>
        {trans.__('Newer')}
      </Button>
      <Button small disabled={end === count} onClick={() => turn(1)}>
        {trans.__('Older')}
      </Button>
    </nav>
  );
}

interface ITableProps extends IEvidenceListProps {
  readonly lines: readonly EvidenceStatus[];
  /** Place of the first line among all that were found. */
  readonly start: number;
  readonly count: number;
}

function Table(props: ITableProps): React.ReactElement {
  const { trans } = useHost();
  return (
    <div className="jp-Mlcd-scroll">
      <table
        className="jp-Mlcd-table"
        aria-label={trans.__('Evidence')}
        aria-rowcount={props.count + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
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
          {props.lines.map((line, place) => (
            <Line
              key={line.id}
              project={props.project}
              line={line}
              row={props.start + place + 2}
              verification={props.verified?.(line.id) ?? null}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ILineProps {
  readonly project: string;
  readonly line: EvidenceStatus;
  /** Counted from 1, the heads among them. */
  readonly row: number;
  readonly verification: Verification | null;
}

/** Typing into the filter draws only the lines that come and go. */
const Line = React.memo(OneLine);

function OneLine(props: ILineProps): React.ReactElement {
  const { trans, open } = useHost();
  const now = useNow();
  const { line, project } = props;
  const when = moment(line.at, now, trans);
  return (
    <tr data-evidence={line.id} data-match={line.match} aria-rowindex={props.row}>
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
      <td className="jp-Mlcd-number">{when}</td>
      <td title={line.by}>{person(line.by)}</td>
      <td className="jp-Mlcd-secondary jp-Mlcd-words">{withNames(line.reason)}</td>
      <td>
        <span className="jp-Mlcd-tags">
          <MatchTag line={line} />
          <BuilderTag line={line} />
          <VerifiedTag verification={props.verification} />
        </span>
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
