/** Words that are not sent yet. They outlive a failure, a reload and the tab; sent, they are gone. */

export interface IDrafts {
  readonly read: (place: string) => string;
  /** Keep a text for a place; an empty one is forgotten. */
  readonly write: (place: string, text: string) => void;
}

const OURS = 'jupyter-mlcd:draft';
/** Drafts that are kept; those that were written longest ago go first. */
const KEPT = 100;

/** Drafts in a browser's storage. Where that is full or forbidden they last as long as the page. */
export function draftsIn(storage: Storage): IDrafts {
  /** Where it took no more, what there is since; another page may write there too. */
  let memory: ReadonlyMap<string, string> | null = null;
  const all = (): ReadonlyMap<string, string> => memory ?? stored(storage);
  return {
    read: place => all().get(place) ?? '',
    write: (place, text) => {
      const others = [...all()].filter(([name]) => name !== place);
      const kept = (text ? [...others, [place, text] as const] : others).slice(-KEPT);
      try {
        storage.setItem(OURS, JSON.stringify(kept));
        memory = null;
      } catch {
        memory = new Map(kept);
      }
    }
  };
}

function stored(storage: Storage): Map<string, string> {
  try {
    const found: unknown = JSON.parse(storage.getItem(OURS) ?? '[]');
    return new Map(Array.isArray(found) ? found.filter(isDraft) : []);
  } catch {
    return new Map();
  }
}

function isDraft(value: unknown): value is [string, string] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((one: unknown) => typeof one === 'string')
  );
}
