import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { CaseResult } from '../../src/api/types';
import { CaseCards } from '../../src/views/case_card';
import { show } from '../place';
import { PROJECT, aCase, aDifference, aFlakyCase, aRedCase, aRedCell, aRun } from '../samples';

function showCase(result: CaseResult): ReturnType<typeof show> {
  const run = aRun({ cases: [aCase(), result] });
  return show(<CaseCards run={run} result={result} project={PROJECT} id={PROJECT.id} />);
}

/** A case whose second and third of three code cells differ. */
const TWO_RED = aRedCase({
  cells: [
    aRedCell({ index: 1, verdict: 'passed', compared: false, differences: [] }),
    aRedCell({ index: 3 }),
    aRedCell({ index: 5 })
  ],
  reason: 'cell 2: stdout differs; 1 more cell failed'
});

test('a cell that differs can be accepted, by its position in the notebook', () => {
  const host = showCase(TWO_RED);
  const buttons = screen.getAllByRole('button', { name: 'This is the new expected result…' });
  fireEvent.click(buttons[1] ?? document.body);
  expect(host.open).toHaveBeenCalledWith({
    kind: 'accept',
    project: PROJECT.id,
    run: 'run-1',
    case: 'train.ipynb[seed=2]',
    cell: 5
  });
});

test('a case of which several cells differ can be accepted whole', () => {
  const host = showCase(TWO_RED);
  fireEvent.click(screen.getByRole('button', { name: 'These are the new expected results…' }));
  expect(host.open).toHaveBeenCalledWith(
    expect.objectContaining({ case: 'train.ipynb[seed=2]', cell: null })
  );
});

test.each([
  ['raised', aRedCell({ verdict: 'error', compared: false, differences: [] })],
  ['did not raise as it was marked to', aRedCell({ compared: false, differences: [] })]
])('a cell that %s cannot be accepted', (_, cell) => {
  showCase(aRedCase({ cells: [cell] }));
  expect(screen.queryByRole('button', { name: /expected result/ })).toBeNull();
});

test('what changed is marked where the server says', () => {
  const difference = aDifference({
    expected: 'a 1 b 2',
    got: 'a 1 b 3',
    expected_span: [2, 7],
    got_span: [2, 7]
  });
  showCase(aRedCase({ cells: [aRedCell({ differences: [difference] })] }));
  expect([...document.querySelectorAll('mark')].map(mark => mark.textContent)).toEqual([
    '1 b 2',
    '1 b 3'
  ]);
});

test('how it was compared is said where it was not letter by letter', () => {
  const difference = aDifference({ by: 'numbers within 1e-06 (relative)' });
  showCase(aRedCase({ cells: [aRedCell({ differences: [difference] })] }));
  expect(screen.getByText('Compared as: numbers within 1e-06 (relative)')).toBeDefined();
});

test('where the expected results come from can be opened', () => {
  const host = showCase(aRedCase({ reference: 'expected/train@seed=2.json' }));
  fireEvent.click(
    screen.getByRole('button', { name: 'Open the expected results expected/train@seed=2.json' })
  );
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'expected/train@seed=2.json');
});

test('expected results of the notebook itself are said to be there', () => {
  showCase(aRedCase());
  expect(screen.getByText(/as they are saved in the notebook/)).toBeDefined();
});

test('where nothing was compared nothing was expected', () => {
  showCase(aCase());
  expect(screen.queryByText(/Expected results/)).toBeNull();
});

test('each score stands with how sure it is, its slices below it', () => {
  showCase(
    aCase({
      metrics: { 'accuracy[segment="young"]': 0.971, f1: 0.9, accuracy: 0.966 },
      intervals: { accuracy: [0.951, 0.978] }
    })
  );
  expect(screen.getByRole('region', { name: 'Scores' }).textContent).toBe(
    'Scoresaccuracy0.966 (0.951-0.978)segment young0.971f10.9'
  );
});

test('slices of a score that was not recorded stand below its name', () => {
  showCase(aCase({ metrics: { 'accuracy[segment="young"]': 0.971 } }));
  expect(screen.getByRole('region', { name: 'Scores' }).textContent).toBe(
    'Scoresaccuracysegment young0.971'
  );
});

test('a table leads to its cell in the executed notebook', () => {
  const exhibit = { name: 'confusion', kind: 'table', cell: 8, output: 0 } as const;
  const host = showCase(aCase({ id: 'x', exhibits: [exhibit] }));
  fireEvent.click(
    screen.getByRole('button', { name: 'Show the table confusion in the executed notebook' })
  );
  expect(host.open).toHaveBeenCalledWith({
    kind: 'notebook',
    project: PROJECT.id,
    run: 'run-1',
    index: 1,
    cell: 8,
    title: 'train · seed=1'
  });
});

test('memory at its peak stands with the time', () => {
  showCase(aCase({ peak_memory: 3.9 * 2 ** 30 }));
  expect(screen.getByText('3.1 s · 3.9 GiB at its peak')).toBeDefined();
});

test('memory that was not measured is not said to be none', () => {
  showCase(aCase());
  expect(screen.queryByText(/at its peak/)).toBeNull();
});

test('remarks are a quiet list, not a problem', () => {
  showCase(aCase({ remarks: ['gamma is set again in cell 3'] }));
  const list = within(screen.getByRole('list', { name: 'Remarks' }));
  expect(list.getByText('gamma is set again in cell 3')).toBeDefined();
  expect(list.getByRole('img', { name: 'Remark' })).toBeDefined();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('an earlier attempt is kept with its verdict, its reason and what it printed', () => {
  showCase(aFlakyCase());
  const attempts = within(screen.getByRole('region', { name: 'Earlier attempts' }));
  expect(attempts.getByRole('img', { name: 'failed' })).toBeDefined();
  expect(attempts.getByText('attempt 1: cell 3: stdout differs')).toBeDefined();
  expect(
    attempts.getByText('samples used:', { exact: false, selector: 'pre[aria-label^=got]' })
  ).toBeDefined();
});
