import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import { ready } from '../../src/store/remote';
import { ExecutedNotebook } from '../../src/views/executed_notebook';
import { positionsOf } from '../../src/views/still_cells';
import { show } from '../place';
import { PROJECT, aRedCase, aRedCell, aRun } from '../samples';

const CELLS = [
  aRedCell({ index: 0, id: '', verdict: 'passed', reason: '', differences: [] }),
  aRedCell({ index: 1, id: 'c7' })
];
const PAGE =
  '<html><head></head><body><main><div>one</div>' +
  '<div class="jp-Cell celltag_injected-parameters">seed = 2</div>' +
  '<div id="cell-id=c7">seven</div></main></body></html>';

function showExecuted(): ReturnType<typeof show> {
  return show(
    <ExecutedNotebook
      label="Executed notebook train"
      project={PROJECT}
      page={ready(PAGE)}
      run={ready(aRun({ cases: [aRedCase({ cells: CELLS })] }))}
      index={0}
      cell={null}
    />
  );
}

test('the cell with parameters shifts those behind it', () => {
  expect(positionsOf(PAGE, CELLS)).toEqual([0, 2]);
  expect(positionsOf(PAGE, [aRedCell({ index: 1, id: '' })])).toEqual([2]);
});

test('each cell stands beside the page with its verdict and reason', () => {
  showExecuted();
  expect(screen.getByRole('img', { name: 'failed' })).toBeDefined();
  expect(screen.getByRole('button', { name: /failed.*cell 2/ }).textContent).toContain(
    'stdout differs'
  );
});

test('choosing a cell begins the page there; the page still runs nothing', () => {
  showExecuted();
  const page = screen.getByTitle<HTMLIFrameElement>('Executed notebook train');
  expect(page.srcdoc).not.toContain('nth-child');
  fireEvent.click(screen.getByRole('button', { name: /failed.*cell 2/ }));
  expect(page.srcdoc).toContain('main>:nth-child(3)');
  expect(page.getAttribute('sandbox')).toBe('');
});

test('a cell opens in the source, where it stands there', () => {
  const host = showExecuted();
  fireEvent.click(screen.getByRole('button', { name: 'Open the notebook at cell 2' }));
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'train.ipynb', 1);
});
