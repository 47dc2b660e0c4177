/** Says aloud, politely, what was said in a review meanwhile: by this reader, or by others. */
import * as React from 'react';

import type { ReviewEntry } from '../api/types';
import { person } from './format';
import { useHost } from './host';
import { kindWord } from './review_said';

/** What a screen reader hears of a review. Nothing of it is seen. */
export function ReviewVoice({ entries }: { entries: readonly ReviewEntry[] }): React.ReactElement {
  const { trans } = useHost();
  const known = React.useRef<ReadonlySet<string> | null>(null);
  const [words, say] = React.useState('');
  React.useEffect(() => {
    const before = known.current;
    const states = entries.map(entry => [keyOf(entry), entry] as const);
    known.current = new Set(states.map(([key]) => key));
    const newest = before && states.filter(([key]) => !before.has(key)).at(-1)?.[1];
    if (newest) {
      const kind = newest.taken_back ? trans.__('taken back') : kindWord(newest, trans);
      say(trans.__('%1: %2. %3', person(newest.by), kind, newest.text));
    }
  }, [entries, trans]);
  return (
    <div className="jp-Mlcd-unseen" aria-live="polite" data-voice>
      {words}
    </div>
  );
}

/** An entry is said once, and once more when it is taken back. */
function keyOf({ id, taken_back }: ReviewEntry): string {
  return taken_back ? `${id}:${taken_back}` : id;
}
