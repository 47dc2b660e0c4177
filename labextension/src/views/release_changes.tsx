/** What a version changes against the one it replaces: what it does, above the commits that did it. */
import * as React from 'react';

import type {
  ContentChange,
  MetricChange,
  NotebookChange,
  ParameterChange,
  ReleaseChanges,
  RuleChange
} from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { SoftwareChanges } from './evidence_software';
import { score } from './format';
import { useHost } from './host';
import { scoreWords } from './names';
import { ProblemBox, Skeleton, Tag } from './parts';

/** Letters of a digest that tell two files apart. */
const DIGEST = 12;

export function WhatChanges(props: { changes: Remote<ReleaseChanges> }): React.ReactElement | null {
  const { trans } = useHost();
  const found = known(props.changes);
  const problem = problemIn(props.changes);
  if (problem?.code === 'not-tested' || found?.since === '') {
    return null; // What is missing stands in the lines above; of a first version all is new.
  }
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('What changes')}>
      <header>
        <b className="jp-Mlcd-grow">{trans.__('What changes')}</b>
        {found && <Against found={found} />}
      </header>
      <div className="jp-Mlcd-card-body">
        {problem && <ProblemBox problem={problem} />}
        {!found && !problem && <Skeleton lines={3} />}
        {found && <Known found={found} />}
      </div>
    </section>
  );
}

function Against({ found }: { found: ReleaseChanges }): React.ReactElement {
  const { trans } = useHost();
  const { since, environment, live } = found;
  const words = !environment
    ? trans.__('against %1', since)
    : live
      ? trans.__('against %1, live in %2', since, environment)
      : trans.__('against %1, live in %2 before', since, environment);
  return <span className="jp-Mlcd-secondary">{words}</span>;
}

function Known({ found }: { found: ReleaseChanges }): React.ReactElement {
  const { trans } = useHost();
  const { since, version, metrics, parameters, files, notebooks, rules, software, gaps } = found;
  const listed = [metrics, parameters, files, notebooks, rules, software];
  const isSame = listed.every(one => one.length === 0);
  return (
    <>
      {isSame && (
        <p className="jp-Mlcd-secondary">
          {trans.__('Nothing that was compared differs from %1.', since)}
        </p>
      )}
      {listed.some(one => one.length > 0) && (
        <div
          className="jp-Mlcd-changesScroll"
          tabIndex={0}
          role="group"
          aria-label={trans.__('Changes, side by side')}
        >
          <table className="jp-Mlcd-table" aria-label={trans.__('Changes')}>
            <thead>
              <tr>
                <th scope="col">{trans.__('what')}</th>
                <th scope="col">{since}</th>
                <th scope="col">{version}</th>
              </tr>
            </thead>
            <Group title={trans.__('Scores')} rows={metrics} row={Metric} />
            <Group title={trans.__('Parameters')} rows={parameters} row={Parameter} />
            <Group title={trans.__('Data and files')} rows={files} row={Content} />
            <Group title={trans.__('Cells')} rows={notebooks} row={Notebook} />
            <Group title={trans.__('Rules')} rows={rules} row={Rule} />
          </table>
        </div>
      )}
      {software.length > 0 && (
        <details className="jp-Mlcd-details">
          <summary>
            {trans._n('Software: %1 other version', 'Software: %1 other versions', software.length)}
          </summary>
          <SoftwareChanges changes={software} before={since} />
        </details>
      )}
      {gaps.map(gap => (
        <p key={gap} className="jp-Mlcd-secondary">
          {gap}
        </p>
      ))}
      <Commits found={found} />
    </>
  );
}

/** The rows of one kind, under its name; nothing where there are none. */
function Group<T>(props: {
  title: string;
  rows: readonly T[];
  row: (props: { one: T }) => React.ReactElement;
}): React.ReactElement | null {
  const { title, rows, row: Row } = props;
  if (rows.length === 0) {
    return null;
  }
  return (
    <tbody data-changes={title}>
      <tr className="jp-Mlcd-group">
        <th scope="rowgroup" colSpan={3}>
          {title}
        </th>
      </tr>
      {rows.map((one, place) => (
        <Row key={place} one={one} />
      ))}
    </tbody>
  );
}

function Metric({ one }: { one: MetricChange }): React.ReactElement {
  const { trans } = useHost();
  const { name, before, after, better, comparable } = one;
  return (
    <tr>
      <td>{scoreWords(name)}</td>
      <td>{before === null ? <Absent /> : score(before)}</td>
      <td>
        {after === null ? <Absent /> : score(after)}{' '}
        {comparable && better === true && <Tag tone="good">{trans.__('better')}</Tag>}
        {comparable && better === false && <Tag tone="bad">{trans.__('worse')}</Tag>}
        {!comparable && <Tag tone="warning">{trans.__('measured in another way')}</Tag>}
      </td>
    </tr>
  );
}

function Parameter({ one }: { one: ParameterChange }): React.ReactElement {
  return (
    <tr>
      <td>
        <span className="jp-Mlcd-code">{one.name}</span>{' '}
        <span className="jp-Mlcd-secondary">{one.notebook}</span>
      </td>
      <td className="jp-Mlcd-code">{one.before.join(', ') || <Absent />}</td>
      <td className="jp-Mlcd-code">{one.after.join(', ') || <Absent />}</td>
    </tr>
  );
}

function Content({ one }: { one: ContentChange }): React.ReactElement {
  const { trans } = useHost();
  return (
    <tr>
      <td>
        <span className="jp-Mlcd-code">{one.path}</span>{' '}
        <span className="jp-Mlcd-secondary">
          {one.delivered ? trans.__('delivered') : trans.__('input')}
        </span>
      </td>
      <Digest sha256={one.before} />
      <Digest sha256={one.after} />
    </tr>
  );
}

function Digest({ sha256 }: { sha256: string }): React.ReactElement {
  return (
    <td className="jp-Mlcd-code" title={sha256}>
      {sha256 ? sha256.slice(0, DIGEST) : <Absent />}
    </td>
  );
}

function Notebook({ one }: { one: NotebookChange }): React.ReactElement {
  const { trans } = useHost();
  const { notebook, relation, sources, outputs, problem } = one;
  const words = [
    sources > 0 && trans._n('%1 cell changed', '%1 cells changed', sources),
    outputs > 0 && trans._n('%1 cell with other outputs', '%1 cells with other outputs', outputs),
    problem
  ].filter(Boolean);
  return (
    <tr>
      <td className="jp-Mlcd-code">{notebook}</td>
      <td colSpan={2}>
        {relation === 'new'
          ? trans.__('new')
          : relation === 'gone'
            ? trans.__('gone')
            : words.join(', ')}
      </td>
    </tr>
  );
}

function Rule({ one }: { one: RuleChange }): React.ReactElement {
  return (
    <tr title={one.reason}>
      <td>{one.rule}</td>
      <td>
        <Outcome outcome={one.before} />
      </td>
      <td>
        <Outcome outcome={one.after} />
      </td>
    </tr>
  );
}

function Outcome({ outcome }: { outcome: RuleChange['before'] }): React.ReactElement {
  const { trans } = useHost();
  switch (outcome) {
    case null:
      return <Absent />;
    case 'met':
      return <>{trans.__('met')}</>;
    case 'excepted':
      return <>{trans.__('excepted')}</>;
    case 'not-met':
      return <>{trans.__('not met')}</>;
    default:
      return <>{trans.__('not comparable')}</>;
  }
}

function Absent(): React.ReactElement {
  const { trans } = useHost();
  return <i className="jp-Mlcd-secondary">{trans.__('not there')}</i>;
}

function Commits({ found }: { found: ReleaseChanges }): React.ReactElement | null {
  const { trans } = useHost();
  const { commits, commits_left_out: leftOut } = found;
  if (commits.length === 0) {
    return null;
  }
  return (
    <details className="jp-Mlcd-details">
      <summary>{trans._n('%1 commit', '%1 commits', commits.length + leftOut)}</summary>
      <ul className="jp-Mlcd-commits">
        {commits.map(({ id, subject }) => (
          <li key={id}>
            <span className="jp-Mlcd-code">{id.slice(0, 7)}</span> {subject}
          </li>
        ))}
        {leftOut > 0 && (
          <li className="jp-Mlcd-secondary">
            {trans._n('and %1 older one', 'and %1 older ones', leftOut)}
          </li>
        )}
      </ul>
    </details>
  );
}
