/** What changed since this reader last looked: which version that was, and the way to compare. */
import * as React from 'react';

import type { EvidenceStatus, ReviewPage } from '../api/types';
import { type ILooked, type ILookedBefore, hear, lookAt } from '../store/looked';
import type { IEvidenceReading } from '../store/reading';
import { moment } from './format';
import { useHost, useNow } from './host';
import { Button, Mark } from './parts';

export interface ISince {
  readonly other: ILooked | null;
  /** Whether this very version was looked at before. */
  readonly isAgain: boolean;
  /** Ids of what was said since. */
  readonly fresh: ReadonlySet<string>;
}

const NOTHING: ISince = { other: null, isAgain: false, fresh: new Set() };

/** What was looked at before this page came; while it stays, what it says of that stays too. */
export function useSince(project: string, page: ReviewPage | null): ISince {
  const { marks, now } = useHost();
  const before = React.useRef<{ digest: string; looked: ILookedBefore } | null>(null);
  if (page && before.current?.digest !== page.digest) {
    before.current = { digest: page.digest, looked: lookAt(marks, project, page, now()) };
  }
  React.useEffect(() => {
    if (page) {
      hear(marks, project, page);
    }
  }, [marks, project, page]);
  const looked = page && before.current ? before.current.looked : null;
  return React.useMemo(() => (page && looked ? sinceOf(page, looked) : NOTHING), [page, looked]);
}

/** At first the server tells what is new: what others said since this person last said something. */
function sinceOf(page: ReviewPage, { other, isAgain, heard }: ILookedBefore): ISince {
  const own = new Set(page.yours);
  const fresh = isAgain
    ? page.entries.map(entry => entry.id).filter(id => !heard.has(id) && !own.has(id))
    : page.new;
  return { other, isAgain, fresh: new Set(fresh) };
}

export function SinceLooked(props: {
  since: ISince;
  page: ReviewPage;
  suite: string;
  run: string;
  evidence: readonly EvidenceStatus[];
  reading: IEvidenceReading;
}): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const { since, suite, run, evidence, reading } = props;
  const { other, isAgain, fresh } = since;
  const words = isAgain ? fresh.size : 0;
  const before = other?.runs[suite] ?? '';
  const isHere = before !== '' && evidence.some(one => one.id === before);
  if (!other && words === 0) {
    return null;
  }
  const isCompared = isHere && reading.against === before;
  return (
    <div className="jp-Mlcd-since" role="note" data-since={other?.version ?? ''}>
      <Mark shape="remark" label={trans.__('Remark')} />
      <span className="jp-Mlcd-grow">
        {[
          other &&
            !isAgain &&
            trans.__('You last looked at %1, %2.', other.version, moment(other.at, now, trans)),
          other && before === run && trans.__('It stands on the same evidence.'),
          words > 0 &&
            trans._n(
              '%1 new word since you last looked.',
              '%1 new words since you last looked.',
              words
            ),
          other && isAgain && trans.__('Before this version you looked at %1.', other.version)
        ]
          .filter(Boolean)
          .join(' ')}
      </span>
      {other && isHere && before !== run && (
        <Button
          small
          pressed={isCompared}
          onClick={() => reading.look({ against: isCompared ? '' : before })}
        >
          {trans.__('What changed since %1', other.version)}
        </Button>
      )}
    </div>
  );
}
