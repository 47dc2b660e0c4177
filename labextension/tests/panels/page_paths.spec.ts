import { expect, test } from 'vitest';

import { PAGES_DRIVE, pageAt, pagePath } from '../../src/panels/page_paths';
import type { PageView } from '../../src/panels/pages';

const PAGES: readonly PageView[] = [
  { kind: 'run', project: 'L2Rp', run: '0191-a' },
  { kind: 'evidence-list', project: 'Lw' },
  { kind: 'evidence', project: 'Lw', run: 'r' },
  { kind: 'deliver', project: 'Lw', environment: 'production' },
  { kind: 'deliver', project: 'Lw', environment: 'eu/west 1%', delivery: 'k:1' },
  { kind: 'deliver', project: 'Lw', environment: '..', delivery: 'k' },
  { kind: 'deliver', project: 'Lw', environment: '-' },
  { kind: 'roll-back', project: 'Lw', environment: 'production', version: '0.1.0' },
  { kind: 'review', project: 'Lw', version: '0.2.0' },
  { kind: 'ask-review', project: 'Lw', environment: 'production' },
  { kind: 'history', project: 'Lw', environment: 'production' },
  { kind: 'notebook', project: 'Lw', run: 'r', index: 0, title: 'a/b.ipynb, seed 1' },
  { kind: 'notebook', project: 'Lw', run: 'r', index: 3, title: '', cell: 8 },
  { kind: 'report', project: 'Lw', run: 'r' },
  { kind: 'report', project: 'Lw', run: '', version: '0.2.0' },
  { kind: 'set-up', project: 'Lw' }
];

test.each(PAGES)('the path of $kind leads back to it', page => {
  const path = pagePath(page);
  expect(pageAt(path.slice(PAGES_DRIVE.length + 1))).toEqual(page);
});

test('a path has no folders that lead elsewhere', () => {
  for (const page of PAGES) {
    expect(pagePath(page)).not.toMatch(/\/(\.{0,2})\//);
  }
});

test.each([
  '',
  'run/Lw/r',
  'run/Lw.mlcd-page',
  'commit/Lw.mlcd-page',
  'accept/Lw/r.mlcd-page',
  'constructor/Lw/r.mlcd-page',
  'run/%E0%A4%A/r.mlcd-page',
  'notebook/Lw/r/minus/title.mlcd-page',
  'notebook/Lw/r/-1/title.mlcd-page'
])('"%s" is the path of no page', path => {
  expect(pageAt(path)).toBeNull();
});
