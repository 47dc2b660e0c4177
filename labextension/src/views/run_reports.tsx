/** What was measured beside the verdicts: coverage, and what the real `pytest --nbval` said. */
import * as React from 'react';

import type { Coverage, NbvalCount } from '../api/types';
import { useHost } from './host';
import { withNames } from './names';
import { Mark } from './parts';

/** Percent, as people write it: a little that is missing is never rounded away. */
export function percent(value: number): string {
  const rounded = Math.round(value);
  if (rounded === 100 && value < 100) {
    return '99';
  }
  return rounded === 0 && value > 0 ? '1' : String(rounded);
}

export function CoverageFold({
  coverage
}: {
  coverage: Coverage | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  if (!coverage) {
    return null;
  }
  const files = Object.entries(coverage.files).sort(
    ([, one], [, other]) => share(one) - share(other)
  );
  return (
    <details className="jp-Mlcd-details" data-report="coverage">
      <summary>
        {trans.__('Coverage: %1 % of the code’s lines were executed', percent(coverage.percent))}
      </summary>
      <table className="jp-Mlcd-table jp-Mlcd-mod-narrow" aria-label={trans.__('Coverage by file')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('file')}</th>
            <th scope="col" className="jp-Mlcd-mod-right">
              {trans.__('lines')}
            </th>
            <th scope="col" className="jp-Mlcd-mod-right">
              {trans.__('executed')}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {files.map(([path, lines]) => (
            <tr key={path}>
              <td className="jp-Mlcd-code">{path}</td>
              <td className="jp-Mlcd-mod-right">{trans.__('%1 of %2', lines[0], lines[1])}</td>
              <td className="jp-Mlcd-mod-right">{`${percent(share(lines) * 100)} %`}</td>
              <td className="jp-Mlcd-share">
                <div className="jp-Mlcd-bar">
                  <div style={{ width: `${share(lines) * 100}%` }} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** 0 to 1; a file without lines is covered. */
function share([executed, all]: readonly [number, number]): number {
  return all > 0 ? executed / all : 1;
}

export function NbvalFold({ nbval }: { nbval: NbvalCount | null }): React.ReactElement | null {
  const { trans } = useHost();
  if (!nbval) {
    return null;
  }
  const { passed, failed, skipped, disagreements } = nbval;
  const count = trans.__(
    'pytest --nbval: %1 passed, %2 failed, %3 skipped',
    passed,
    failed,
    skipped
  );
  if (disagreements.length === 0) {
    return (
      <p className="jp-Mlcd-secondary" data-report="nbval">
        {trans.__('%1; it agrees on every cell', count)}
      </p>
    );
  }
  return (
    <details className="jp-Mlcd-details" data-report="nbval">
      <summary>
        {count}{' '}
        <span className="jp-Mlcd-tag jp-Mlcd-mod-warning">
          {trans._n('disagrees on %1 cell', 'disagrees on %1 cells', disagreements.length)}
        </span>
      </summary>
      <ul className="jp-Mlcd-remarks" aria-label={trans.__('Where pytest --nbval disagrees')}>
        {disagreements.map((words, index) => (
          <li key={index}>
            <Mark shape="remark" label={trans.__('Remark')} />
            <span>{withNames(words)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
