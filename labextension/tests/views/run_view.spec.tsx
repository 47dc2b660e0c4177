import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { Run } from '../../src/api/types';
import { IDLE, ready } from '../../src/store/remote';
import { RunView } from '../../src/views/run_view';
import { show } from '../place';
import { PROJECT, aCase, aGoingRun, aRedCase, aRun, aStatus } from '../samples';

function showRun(run: Run): ReturnType<typeof show> {
  return show(
    <RunView project={PROJECT.id} run={ready(run)} status={ready(aStatus())} acts={new Map()} />
  );
}

const RED = aRun({ verdict: 'failed', cases: [aCase(), aRedCase()] });

test('the table names what varied, what was scored, and compares with what is live', () => {
  showRun(RED);
  const heads = screen.getAllByRole('columnheader').map(head => head.textContent);
  expect(heads).toEqual([
    'verdict',
    'notebook',
    'seed',
    'accuracy',
    'against production',
    'reason',
    'time'
  ]);
  const cells = within(screen.getAllByRole('row')[1] ?? document.body).getAllByRole('cell');
  expect(cells.slice(2).map(cell => cell.textContent)).toEqual([
    '1',
    '0.966',
    '+0.005',
    '11 of 11 cells ran, 1 compared',
    '3.1 s'
  ]);
});

test('the first red case is chosen by itself', () => {
  showRun(RED);
  const result = screen.getByRole('region', { name: 'Result of train.ipynb[seed=2]' });
  expect(result.textContent).toContain('train · seed=2 · cell 3');
});

test('expected and got stand side by side with the changed span marked', () => {
  showRun(RED);
  const marks = [...document.querySelectorAll('mark')].map(mark => mark.textContent);
  expect(marks).toEqual(['1797', '1796']);
});

test('the notebook opens at the cell that is red', () => {
  const host = showRun(RED);
  fireEvent.click(screen.getByRole('button', { name: 'Open at this cell' }));
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'train.ipynb', 7);
});

test('the executed notebook opens by the place of its case', () => {
  const host = showRun(RED);
  fireEvent.click(screen.getByRole('button', { name: 'Executed notebook' }));
  expect(host.open).toHaveBeenCalledWith(
    expect.objectContaining({ kind: 'notebook', run: 'run-1', index: 1 })
  );
});

test('another case can be chosen with the keyboard', () => {
  showRun(RED);
  fireEvent.click(screen.getByRole('button', { name: 'Show train.ipynb[seed=1]' }));
  const row = screen.getAllByRole('row')[1];
  expect(row?.getAttribute('aria-selected')).toBe('true');
});

test('a suite is run again as a suite', () => {
  const host = showRun(RED);
  fireEvent.click(screen.getByRole('button', { name: 'Run again' }));
  expect(host.verbs.run).toHaveBeenCalledWith(PROJECT.id, { suite: 'quality' });
});

test('a single notebook is run again with the same parameters', () => {
  const host = showRun(aRun({ suite: 'train.ipynb' }));
  fireEvent.click(screen.getByRole('button', { name: 'Run again' }));
  expect(host.verbs.run).toHaveBeenCalledWith(PROJECT.id, {
    notebook: 'train.ipynb',
    parameters: { seed: 1 }
  });
});

test('while it goes on it can be cancelled, and neither kept nor run again', () => {
  showRun(aGoingRun());
  const names = screen.getAllByRole('button').map(button => button.textContent);
  expect(names).toContain('Cancel');
  expect(names).not.toContain('Keep');
  expect(names).not.toContain('Run again');
});

test('the fingerprint is folded away', () => {
  showRun(RED);
  expect(screen.getByText('Fingerprint').closest('details')?.open).toBe(false);
});

test('before it is known there is a skeleton', () => {
  show(<RunView project="p" run={IDLE} status={IDLE} acts={new Map()} />);
  expect(screen.getByRole('status', { name: 'Loading' })).toBeDefined();
});
