/** Which cases of a piece of evidence this reader has opened, kept by the place that views are in. */
import * as React from 'react';

import { useHost } from './host';

/**
 * The ids of the cases that were read, the one that is shown now among them. What was read is what
 * differs between two runs, so the marks belong to both; empty arguments are not known yet.
 */
export function useRead(digest: string, against: string, shown: string): ReadonlySet<string> {
  const { marks } = useHost();
  const key = digest && `${digest} ${against}`;
  const [read, set] = React.useState<ReadonlySet<string>>(new Set());
  React.useEffect(() => {
    const before = key ? marks.read(key) : [];
    const after = shown && !before.includes(shown) ? [...before, shown] : before;
    if (key && after !== before) {
      marks.write(key, after);
    }
    set(new Set(after));
  }, [marks, key, shown]);
  return read;
}
