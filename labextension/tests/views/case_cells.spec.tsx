import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { CellResult } from '../../src/api/types';
import { CaseCells } from '../../src/views/case_cells';
import { show } from '../place';
import { PROJECT, aCase, aRedCell } from '../samples';

/** So many green cells, each the second cell after the one before. */
function green(count: number): CellResult[] {
  return Array.from({ length: count }, (_, index) =>
    aRedCell({
      index: 2 * index + 1,
      verdict: 'passed',
      compared: index === 0,
      reason: '',
      differences: []
    })
  );
}

function showCells(cells: CellResult[]): ReturnType<typeof show> {
  return show(<CaseCells result={aCase({ cells })} project={PROJECT} />);
}

function rows(): string[] {
  const list = within(screen.getByRole('list', { name: 'Cells' }));
  return list.getAllByRole('listitem').map(row => row.textContent ?? '');
}

test('each cell has its verdict, its number and how it came to it', () => {
  showCells([...green(1), aRedCell({ index: 7, reason: 'stdout differs' })]);
  expect(rows()).toEqual(['passedcell 1as expected0.1 s', 'failedcell 2stdout differs0.1 s']);
});

test('a click leads to the cell in the notebook', () => {
  const host = showCells([...green(1), aRedCell({ index: 7 })]);
  fireEvent.click(screen.getByRole('button', { name: 'Open cell 2 of train.ipynb' }));
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'train.ipynb', 7);
});

test('of many cells the red ones stand first, and all come on demand', () => {
  showCells([...green(40), aRedCell({ index: 99 })]);
  expect(rows()).toEqual(['failedcell 41stdout differs0.1 s']);
  fireEvent.click(screen.getByRole('button', { name: 'All 41 cells' }));
  expect(rows()).toHaveLength(30);
  fireEvent.click(screen.getByRole('button', { name: 'Next' }));
  expect(rows()).toHaveLength(11);
});
