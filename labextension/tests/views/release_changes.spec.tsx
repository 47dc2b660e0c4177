import { screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { ReleaseChanges } from '../../src/api/types';
import { IDLE, failed, ready } from '../../src/store/remote';
import { WhatChanges } from '../../src/views/release_changes';
import { show } from '../place';
import { someChanges } from '../samples_releases';

function shown(part: Partial<ReleaseChanges> = {}): HTMLElement {
  show(<WhatChanges changes={ready(someChanges(part))} />);
  return screen.getByRole('region', { name: 'What changes' });
}

/** What stands in the first row of a group. */
function cellsOf(group: string): (string | null)[] {
  const rows = document.querySelectorAll(`[data-changes="${group}"] tr`);
  return [...(rows[1]?.querySelectorAll('td') ?? [])].map(cell => cell.textContent);
}

test('it says against what, and where that is live', () => {
  expect(shown().textContent).toContain('against 0.1.0, live in production');
});

test('a score tells both values and which way it went', () => {
  shown();
  expect(cellsOf('Scores')).toEqual(['accuracy', '0.91', '0.95 better']);
});

test('a score that went the wrong way is worse', () => {
  const [one] = someChanges().metrics;
  shown({ metrics: one ? [{ ...one, after: 0.9, better: false }] : [] });
  expect(cellsOf('Scores')).toEqual(['accuracy', '0.91', '0.9 worse']);
});

test('what was measured in another way is neither better nor worse', () => {
  const [one] = someChanges().metrics;
  shown({ metrics: one ? [{ ...one, comparable: false }] : [] });
  expect(cellsOf('Scores')[2]).toBe('0.95 measured in another way');
});

test('parameters, files, cells and rules stand side by side', () => {
  shown();
  expect(cellsOf('Parameters')).toEqual(['C train.ipynb', '1.0', '10.0']);
  expect(cellsOf('Data and files')).toEqual([
    'model.joblib delivered',
    '111111111111',
    'not there'
  ]);
  expect(cellsOf('Cells')[1]).toBe('2 cells changed, 1 cell with other outputs');
  expect(cellsOf('Rules')).toEqual(['accuracy at least 0.96', 'not there', 'not met']);
});

test('software and commits are folded below', () => {
  const words = shown().textContent;
  expect(words).toContain('Software: 1 other version');
  expect(words).toContain('eeeeeee Wider kernel');
});

test('of a first version nothing is listed: all of it is new', () => {
  show(<WhatChanges changes={ready(someChanges({ since: '', environment: '' }))} />);
  expect(screen.queryByRole('region', { name: 'What changes' })).toBeNull();
});

test('what is the same is said', () => {
  const none = { metrics: [], parameters: [], files: [], notebooks: [], software: [], rules: [] };
  expect(shown(none).textContent).toContain('Nothing that was compared differs from 0.1.0.');
});

test('what was not compared is said', () => {
  const gaps = ['The runs of slow are not compared: one is not in this clone.'];
  expect(shown({ gaps }).textContent).toContain(gaps[0]);
});

test('what is not tested yet has no changes to show, and every other problem is said', () => {
  show(<WhatChanges changes={failed({ code: 'not-tested', message: 'not yet' }, IDLE)} />);
  expect(screen.queryByRole('region')).toBeNull();
  show(<WhatChanges changes={failed({ code: 'git', message: 'git is gone' }, IDLE)} />);
  expect(screen.getByRole('alert').textContent).toContain('git is gone');
});
