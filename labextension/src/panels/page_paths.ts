/**
 * Pages by path, for places where all that opens is a document: Notebook 7 shows one document per
 * browser tab. The path says what the page shows, so that a reload or a bookmark finds it again.
 */
import type { PageView } from './pages';
import { viewOf } from './view_args';

/** Name of the drive that holds them. */
export const PAGES_DRIVE = 'mlcd';
/** What the file type is told by. */
export const PAGE_ENDING = '.mlcd-page';

/** What follows kind and project in a path, in order; what is missing at the end is left out. */
const PARTS: Readonly<Record<PageView['kind'], readonly string[]>> = {
  run: ['run'],
  secrets: ['run'],
  'evidence-list': [],
  watch: [],
  evidence: ['run'],
  deliver: ['environment', 'delivery'],
  'roll-back': ['environment', 'version'],
  review: ['version'],
  'ask-review': ['environment'],
  history: ['environment'],
  notebook: ['run', 'index', 'title', 'cell'],
  report: ['run', 'version'],
  'set-up': []
};
const NUMBERS: readonly string[] = ['index', 'cell'];
/** Stands for a part that is empty. */
const NOTHING = '-';

/** The path of a page, with its drive. */
export function pagePath(view: PageView): string {
  const args: Readonly<Record<string, string | number | undefined>> = { ...view };
  const named = PARTS[view.kind].map(name => String(args[name] ?? ''));
  while (named.at(-1) === '') {
    named.pop();
  }
  const parts = [view.kind, view.project, ...named].map(encoded);
  return `${PAGES_DRIVE}:${parts.join('/')}${PAGE_ENDING}`;
}

/** The page at a path inside the drive; null where there is none. */
export function pageAt(local: string): PageView | null {
  const parts = local.endsWith(PAGE_ENDING)
    ? decoded(local.slice(0, -PAGE_ENDING.length).split('/'))
    : [];
  const [kind = '', project = '', ...rest] = parts;
  if (!isPage(kind)) {
    return null;
  }
  const named = PARTS[kind].map((name, index) => {
    const text = rest[index] ?? '';
    return [name, NUMBERS.includes(name) && text ? Number(text) : text] as const;
  });
  const view = viewOf({ ...Object.fromEntries(named), kind, project });
  return view && view.kind !== 'commit' && view.kind !== 'accept' ? view : null;
}

function isPage(kind: string): kind is PageView['kind'] {
  return Object.hasOwn(PARTS, kind);
}

/** Alone, dots would be folders, and a dash stands for nothing. */
function encoded(part: string): string {
  return /^(?:\.+|-)$/.test(part)
    ? part.replace(/\./g, '%2E').replace(/-/g, '%2D')
    : encodeURIComponent(part) || NOTHING;
}

function decoded(parts: readonly string[]): string[] {
  try {
    return parts.map(part => (part === NOTHING ? '' : decodeURIComponent(part)));
  } catch {
    return []; // Somebody typed it.
  }
}
