/** Small marks that stay in this browser: what a reader has opened. They are nobody's truth. */

export interface IMarks {
  readonly read: (key: string) => readonly string[];
  readonly write: (key: string, marks: readonly string[]) => void;
}

const OURS = 'jupyter-mlcd:read';
/** Pieces of evidence whose marks are kept; the ones that were read longest ago go first. */
const KEPT = 200;

/** Marks in a browser's storage. Where that is full or forbidden they last as long as the page. */
export function marksIn(storage: Storage): IMarks {
  let all = stored(storage);
  return {
    read: key => all.get(key) ?? [],
    write: (key, marks) => {
      const others = [...stored(storage), ...all].filter(([name]) => name !== key);
      all = new Map([...new Map(others), [key, marks] as const].slice(-KEPT));
      try {
        storage.setItem(OURS, JSON.stringify([...all]));
      } catch {
        return; // They are in memory.
      }
    }
  };
}

function stored(storage: Storage): Map<string, readonly string[]> {
  try {
    const found: unknown = JSON.parse(storage.getItem(OURS) ?? '[]');
    return new Map(Array.isArray(found) ? found.filter(isMark) : []);
  } catch {
    return new Map();
  }
}

function isMark(value: unknown): value is [string, string[]] {
  return (
    Array.isArray(value) &&
    typeof value[0] === 'string' &&
    Array.isArray(value[1]) &&
    value[1].every(one => typeof one === 'string')
  );
}
