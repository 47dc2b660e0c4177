/** The files that a release of some evidence delivers. */
import * as React from 'react';

import type { FileDigest, ShownErasure } from '../api/types';
import { fileSize, shortDigest } from './format';
import { useHost } from './host';
import { Identifier, Tag } from './parts';

export function Products(props: {
  delivers: Record<string, FileDigest>;
  undelivered: string;
  erased: readonly ShownErasure[];
}): React.ReactElement | null {
  const { trans } = useHost();
  const gone = new Set(props.erased.flatMap(one => one.files.map(file => file.sha256)));
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
              <Identifier text={file.sha256} short={shortDigest(file.sha256)} />{' '}
              {gone.has(file.sha256) && <Tag tone="warning">{trans.__('erased')}</Tag>}
            </dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}
