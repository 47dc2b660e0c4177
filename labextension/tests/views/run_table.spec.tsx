import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { CaseResult, Run } from '../../src/api/types';
import { RunTable } from '../../src/views/run_table';
import { show } from '../place';
import { aCase, aRedCase, aRun, aStatus } from '../samples';

function seeded(seed: number, accuracy: number, part: Partial<CaseResult> = {}): CaseResult {
  return aCase({
    id: `train.ipynb[seed=${seed}]`,
    parameters: { seed },
    metrics: { accuracy, loss: 1 - accuracy },
    duration: seed,
    ...part
  });
}

function showTable(run: Run, status = aStatus()): void {
  show(<RunTable run={run} status={status} chosen="" choose={vi.fn()} />);
}

/** What stands in a column, counted from 0. */
function columnOf(place: number): (string | null)[] {
  // By role, fifty rows take seconds.
  const rows = [...document.querySelectorAll('tbody > tr')];
  return rows.map(row => row.querySelectorAll('td')[place]?.textContent ?? null);
}

function sortBy(name: string): void {
  fireEvent.click(within(screen.getByRole('columnheader', { name })).getByRole('button'));
}

const THREE = aRun({ cases: [seeded(1, 0.966), seeded(2, 0.971), seeded(10, 0.969)] });

test('rows stand as the suite has them until a column is pressed', () => {
  showTable(THREE);
  expect(columnOf(2)).toEqual(['1', '2', '10']);
});

test('a score is sorted from the best on, then from the worst, then not any more', () => {
  showTable(THREE);
  sortBy('accuracy');
  expect(columnOf(2)).toEqual(['2', '10', '1']);
  const head = screen.getByRole('columnheader', { name: 'accuracy' });
  expect(head.getAttribute('aria-sort')).toBe('descending');
  sortBy('accuracy');
  expect(columnOf(2)).toEqual(['1', '10', '2']);
  sortBy('accuracy');
  expect(columnOf(2)).toEqual(['1', '2', '10']);
  expect(head.getAttribute('aria-sort')).toBeNull();
});

test('a parameter is sorted as a number', () => {
  showTable(aRun({ cases: [seeded(10, 0.9), seeded(2, 0.9), seeded(1, 0.9)] }));
  sortBy('seed');
  expect(columnOf(2)).toEqual(['1', '2', '10']);
});

test('where less is better the least stands first', () => {
  showTable(THREE, aStatus({ goals: { loss: 'min' } }));
  sortBy('loss');
  expect(columnOf(2)).toEqual(['2', '10', '1']);
});

test('cases without a score come last', () => {
  showTable(aRun({ cases: [aRedCase({ metrics: {} }), seeded(3, 0.9)] }));
  sortBy('accuracy');
  expect(columnOf(2)).toEqual(['3', '2']);
});

test('the best score is marked where a rule says which way is better', () => {
  showTable(THREE);
  expect(columnOf(3)).toEqual(['0.966', 'best 0.971', '0.969']);
});

test('without a rule no score is called the best', () => {
  showTable(THREE, aStatus({ goals: {} }));
  expect(columnOf(3)).toEqual(['0.966', '0.971', '0.969']);
});

test('a red case is not the best, nor is one of two that are equal', () => {
  const red = seeded(1, 0.999, { verdict: 'failed' });
  showTable(aRun({ cases: [red, seeded(2, 0.9), seeded(3, 0.9)] }));
  expect(screen.queryByText(/best/)).toBeNull();
});

test('each score says its difference to what is live', () => {
  const [environment] = aStatus().environments;
  const scores = { accuracy: 0.961, loss: 0.04 };
  showTable(THREE, aStatus({ environments: environment ? [{ ...environment, scores }] : [] }));
  expect(columnOf(4)).toEqual(['+0.005', '+0.010', '+0.008']);
  expect(columnOf(5)).toEqual(['0.034 −0.006', '0.029 −0.011', '0.031 −0.009']);
});

const MANY = aRun({
  cases: Array.from({ length: 240 }, (_, index) =>
    seeded(index, 0.9, index === 200 ? { verdict: 'failed' } : {})
  )
});

/** Found by their words: by their roles, fifty rows take seconds. */
function press(words: string): void {
  fireEvent.click(screen.getByText(words));
}

// Three pages of fifty rows take seconds where much else is done.
const PATIENT = { timeout: 20_000 };

test('of a run of many cases a page is shown at a time', PATIENT, () => {
  showTable(MANY);
  expect(columnOf(2)).toHaveLength(50);
  const pages = screen.getByText('1-50 of 240').closest('nav');
  expect(pages?.getAttribute('aria-label')).toBe('Pages of cases');
  press('Next');
  expect(columnOf(2)[0]).toBe('50');
  press('Previous');
  press('Previous');
  expect(columnOf(2)[0]).toBe('0');
});

test('what is red is found without turning pages', PATIENT, () => {
  showTable(MANY);
  press('Only the 1 red');
  expect(columnOf(2)).toEqual(['200']);
  press('Only the 1 red');
  expect(columnOf(2)).toHaveLength(50);
});

test('a few cases need neither pages nor a filter', () => {
  showTable(aRun({ verdict: 'failed', cases: [seeded(1, 0.9), aRedCase()] }));
  expect(screen.queryByRole('navigation')).toBeNull();
  expect(screen.queryByRole('button', { name: /^Only the/ })).toBeNull();
});
