import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { Run, Status } from '../../src/api/types';
import { IDLE, ready } from '../../src/store/remote';
import { RunView } from '../../src/views/run_view';
import { show } from '../place';
import { PROJECT, aCase, aFlakyCase, aGoingRun, aRedCase, aRun, aStatus } from '../samples';

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
  const result = screen.getByRole('region', { name: 'Result of train.ipynb, seed 2' });
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

test('the report of a run opens beside it, once there is evidence', () => {
  const host = showRun(RED);
  fireEvent.click(screen.getByRole('button', { name: 'Report' }));
  expect(host.open).toHaveBeenCalledWith({ kind: 'report', project: PROJECT.id, run: RED.id });
});

test('a run that left no evidence has no report', () => {
  showRun(aRun({ digest: '' }));
  expect(screen.queryByRole('button', { name: 'Report' })).toBeNull();
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
  fireEvent.click(screen.getByRole('button', { name: 'Show train.ipynb, seed 1' }));
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

/** The status in which the suite has this newest run, of six cases. */
function statusWith(run: Run): Status {
  return aStatus({ suites: aStatus().suites.map(suite => ({ ...suite, run, cases: 6 })) });
}

function showNewest(run: Run): ReturnType<typeof show> {
  const status = ready(statusWith(run));
  return show(<RunView project={PROJECT.id} run={ready(run)} status={status} acts={new Map()} />);
}

test('of the newest run only the failed cases can be run again', () => {
  const host = showNewest(RED);
  fireEvent.click(screen.getByRole('button', { name: 'Run failed only' }));
  expect(host.verbs.run).toHaveBeenCalledWith(PROJECT.id, { suite: 'quality', failed_only: true });
});

test('of an older run they cannot, as others failed since', () => {
  show(
    <RunView
      project={PROJECT.id}
      run={ready(RED)}
      status={ready(statusWith(aRun({ id: 'newer' })))}
      acts={new Map()}
    />
  );
  expect(screen.queryByRole('button', { name: 'Run failed only' })).toBeNull();
});

test('a run without a red case has none to run', () => {
  showNewest(aRun());
  expect(screen.queryByRole('button', { name: 'Run failed only' })).toBeNull();
});

test('a run of some cases says that it proves nothing about the suite', () => {
  showNewest(aRun({ partial: true }));
  expect(screen.getByRole('note').textContent).toContain('only 1 of 6 cases were run');
  const keep = screen.getByRole('button', { name: 'Keep' });
  expect(keep.className).not.toContain('jp-Mlcd-mod-primary');
});

test('a run of all cases has nothing to excuse', () => {
  showNewest(aRun());
  expect(screen.queryByRole('note')).toBeNull();
});

test('a case that passed on a retry has an amber mark and says so', () => {
  showRun(aRun({ verdict: 'flaky', cases: [aFlakyCase()] }));
  const row = within(screen.getAllByRole('row')[1] ?? document.body);
  expect(row.getByRole('img', { name: 'passed on a retry' }).getAttribute('class')).toContain(
    'jp-Mlcd-mod-flaky'
  );
  expect(row.getByText(/^passed on attempt 2 of 2; at first/)).toBeDefined();
});

test('a score stands in its column with how sure it is', () => {
  const result = aCase({ intervals: { accuracy: [0.951, 0.978] } });
  showRun(aRun({ cases: [result] }));
  expect(screen.getByRole('cell', { name: '0.966 (0.951-0.978)' })).toBeDefined();
});

test('slices of a score take no columns', () => {
  const metrics = { accuracy: 0.966, 'accuracy[segment="young"]': 0.971 };
  showRun(aRun({ cases: [aCase({ metrics })] }));
  expect(screen.getAllByRole('columnheader').map(head => head.textContent)).not.toContain(
    'accuracy[segment="young"]'
  );
  expect(screen.getByRole('region', { name: 'Scores' }).textContent).toContain(
    'accuracy0.966segment young0.971'
  );
});

test('a reason calls cases by their names', () => {
  showRun(aRun({ reason: '0 of 1 cases passed; train.ipynb[seed=2]: cell 3' }));
  expect(screen.getByText('0 of 1 cases passed; train.ipynb, seed 2: cell 3')).toBeDefined();
});

test('results of several cases are accepted together', () => {
  const other = aRedCase({ id: 'train.ipynb[seed=3]', parameters: { seed: 3 } });
  const host = showRun(aRun({ verdict: 'failed', cases: [aRedCase(), other] }));
  fireEvent.click(screen.getByRole('button', { name: 'These are the new expected results…' }));
  expect(host.open).toHaveBeenCalledWith({
    kind: 'accept',
    project: PROJECT.id,
    run: 'run-1',
    case: '',
    cell: null
  });
});

test('what a run did is told as plain commands when asked for', async () => {
  const host = showRun(RED);
  const fold = screen.getByText('What this did').closest('details');
  if (fold) {
    fold.open = true;
    fireEvent(fold, new Event('toggle'));
  }
  await waitFor(() =>
    expect(host.inCommands).toHaveBeenCalledWith(PROJECT.id, { what: 'runs', id: RED.id })
  );
});

test('a run that goes on has not done anything yet', () => {
  showRun(aGoingRun());
  expect(screen.queryByText('What this did')).toBeNull();
});

test('one case of several can be run again alone', () => {
  const host = showRun(RED);
  fireEvent.click(screen.getByRole('button', { name: 'Run this case again' }));
  expect(host.verbs.run).toHaveBeenCalledWith(PROJECT.id, {
    notebook: 'train.ipynb',
    parameters: { seed: 2 }
  });
});

test('where nothing can be shown of what it prints there is no fold for it', () => {
  showRun(RED);
  expect(screen.queryByText('What it prints')).toBeNull();
});

test('coverage stands in percent, and by file in its fold', () => {
  const coverage: Run['coverage'] = {
    percent: 60,
    files: { 'model.py': [60, 60], 'features.py': [12, 60] }
  };
  showRun(aRun({ coverage }));
  const fold = screen.getByText(/^Coverage: 60 %/).closest('details');
  expect(fold?.open).toBe(false);
  // What is least covered comes first.
  expect(fold?.textContent).toContain('features.py12 of 6020 %model.py60 of 60100 %');
});

test('coverage that is not whole is never rounded up to it', () => {
  showRun(aRun({ coverage: { percent: 99.7, files: {} } }));
  expect(screen.getByText(/^Coverage: 99 %/)).toBeDefined();
});

const NBVAL = { passed: 41, failed: 2, skipped: 3, report: 'nbval.xml', disagreements: [] };

test('the real nbval that agrees is one line', () => {
  showRun(aRun({ nbval: NBVAL }));
  expect(
    screen.getByText('pytest --nbval: 41 passed, 2 failed, 3 skipped; it agrees on every cell')
  ).toBeDefined();
});

test('where the real nbval disagrees it says where and why', () => {
  const disagreements = ['train.ipynb[seed=2], cell 9: it compares pictures byte by byte'];
  showRun(aRun({ nbval: { ...NBVAL, disagreements } }));
  const list = screen.getByRole('list', { name: 'Where pytest --nbval disagrees', hidden: true });
  expect(list.textContent).toBe(
    'Remarktrain.ipynb, seed 2, cell 9: it compares pictures byte by byte'
  );
  expect(screen.getByText('disagrees on 1 cell')).toBeDefined();
});
