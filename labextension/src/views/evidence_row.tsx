/** One line of evidence, in the panel and in the list. */
import * as React from 'react';

import type { EvidenceStatus, Verification } from '../api/types';
import { isGreen, isRed } from '../store/questions';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';
import { Link, Mark, Tag } from './parts';
import { matchWords, shapeOf, verdictWord } from './words';

export function MatchTag({ line }: { line: EvidenceStatus }): React.ReactElement {
  const { trans } = useHost();
  if (line.scored) {
    return (
      <Tag title={trans.__('It proves nothing about the files that it ran on')}>
        {trans.__('%1 scored again', line.scored)}
      </Tag>
    );
  }
  const tone = { matches: 'good', uncommitted: 'warning', older: undefined } as const;
  return (
    <Tag tone={tone[line.match]} title={line.changed.join('\n')}>
      {matchWords(line.match, line.changed, trans)}
    </Tag>
  );
}

/** Whether it is what was kept, where somebody had it verified. */
export function VerifiedTag(props: {
  verification: Verification | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  const { verification } = props;
  if (!verification) {
    return null;
  }
  return verification.ok ? (
    <Tag tone="good">{trans.__('verified')}</Tag>
  ) : (
    <Tag tone="bad" title={trans.__('Its bytes are not the ones that were kept')}>
      {trans.__('altered')}
    </Tag>
  );
}

/** Which CI system ran it; nothing for what was run on somebody's machine. */
export function BuilderTag({ line }: { line: EvidenceStatus }): React.ReactElement | null {
  const { trans } = useHost();
  return line.builder === 'local' ? null : (
    <Tag title={trans.__('Run by %1', line.builder)}>{trans.__('from CI')}</Tag>
  );
}

/** Round, square, or a bell for what tested files that no commit holds. */
export function EvidenceMark({ line }: { line: EvidenceStatus }): React.ReactElement {
  const { trans } = useHost();
  const word = verdictWord('ended', line.verdict, trans);
  if (isRed(line.verdict)) {
    return <Mark shape="failed" label={word} />;
  }
  if (!isGreen(line.verdict)) {
    return <Mark shape="waiting" label={word} />;
  }
  return line.match === 'uncommitted' ? (
    <Mark shape="warning" label={trans.__('passed, on files that no commit holds')} />
  ) : (
    <Mark shape={shapeOf('ended', line.verdict)} label={word} />
  );
}

export function EvidenceRow(props: { project: string; line: EvidenceStatus }): React.ReactElement {
  const { trans, open } = useHost();
  const now = useNow();
  const { line, project } = props;
  const when = moment(line.at, now, trans);
  return (
    <li className="jp-Mlcd-row jp-Mlcd-mod-wrap" data-evidence={line.id} data-match={line.match}>
      <EvidenceMark line={line} />
      <span className="jp-Mlcd-grow">
        <Link
          name={trans.__('Evidence of %1, %2', line.suite, when)}
          title={withNames(line.reason)}
          onClick={() => open({ kind: 'evidence', project, run: line.id })}
        >
          {line.suite}
        </Link>{' '}
        <span className="jp-Mlcd-number">{trans.__('%1 · %2', when, person(line.by))}</span>
      </span>
      {line.partial && !line.scored && (
        <Tag tone="warning" title={trans.__('It proves nothing about the whole suite')}>
          {trans.__('only some cases')}
        </Tag>
      )}
      <BuilderTag line={line} />
      <MatchTag line={line} />
    </li>
  );
}
