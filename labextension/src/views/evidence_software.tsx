/** What the notebooks ran on, and which versions of it are other than before. */
import * as React from 'react';

import type { Software, SoftwareChange } from '../api/types';
import { useHost } from './host';

export function SoftwareFold({ software }: { software: Software }): React.ReactElement {
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

export function SoftwareChanges(props: {
  changes: readonly SoftwareChange[];
  /** "live, 0.1.0" */
  before: string;
}): React.ReactElement {
  const { trans } = useHost();
  const { changes, before } = props;
  if (changes.length === 0) {
    return (
      <p className="jp-Mlcd-secondary">{trans.__('The software is the same as in %1.', before)}</p>
    );
  }
  const absent = <i className="jp-Mlcd-secondary">{trans.__('not there')}</i>;
  const kernels = new Set(changes.map(one => one.kernel));
  return (
    <table
      className="jp-Mlcd-table jp-Mlcd-mod-narrow"
      aria-label={trans.__('Software that is another version')}
    >
      <thead>
        <tr>
          <th scope="col">{trans.__('software')}</th>
          <th scope="col">{before}</th>
          <th scope="col">{trans.__('here')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(one => (
          <tr key={`${one.kernel} ${one.name}`}>
            <td>
              {one.name}{' '}
              {kernels.size > 1 && <span className="jp-Mlcd-secondary">{one.kernel}</span>}
            </td>
            <td className="jp-Mlcd-code">{one.before || absent}</td>
            <td className="jp-Mlcd-code">{one.after || absent}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
