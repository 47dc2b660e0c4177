/** The files that a release of some evidence delivers. */
import * as React from 'react';

import type { FileDigest } from '../api/types';
import { fileSize, shortDigest } from './format';
import { useHost } from './host';
import { Identifier } from './parts';

export function Products(props: {
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
