import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import * as React from 'react';
import { beforeEach, expect, test, vi } from 'vitest';

import type { IEvidenceReading } from '../../src/store/reading';
import { IDLE, ready } from '../../src/store/remote';
import { EvidenceView } from '../../src/views/evidence_view';
import type { IHost } from '../../src/views/host';
import { show } from '../place';
import { PROJECT, aManifest, aStatus, evidenceLine } from '../samples';
import {
  aCaseChange,
  aCaseComparison,
  aCellComparison,
  aComparison,
  aReading,
  anOutput
} from '../samples_changes';

beforeEach(() => {
  // A page of jsdom is not scrolled.
  Element.prototype.scrollIntoView = vi.fn();
});

function showChanges(
  reading: Partial<IEvidenceReading> = {},
  host: Partial<IHost> = {},
  widget?: HTMLElement
): ReturnType<typeof show> {
  return show(
    <EvidenceView
      project={PROJECT.id}
      run="run-1"
      manifest={ready(aManifest())}
      verification={IDLE}
      status={ready(aStatus())}
      evidence={ready([
        evidenceLine(),
        evidenceLine({ id: 'run-0', versions: ['0.1.3'] }),
        evidenceLine({ id: 'other', suite: 'slow' })
      ])}
      reading={aReading(reading)}
    />,
    host,
    widget
  );
}

function cases(): HTMLElement {
  return screen.getByRole('navigation', { name: 'Cases' });
}

function status(): string | null {
  return screen.getByRole('status').textContent;
}

test('the cases say which changed, and by how much a score did', () => {
  showChanges();
  const [same, changed] = within(cases()).getAllByRole('button');
  expect(same?.textContent).toContain('same');
  expect(changed?.textContent).toContain('1 source, 1 output · accuracy +0.005');
  expect(cases().textContent).toContain('2 changed');
});

test('what is shown counts as read, for this evidence against that run', async () => {
  const write = vi.fn();
  showChanges({}, { marks: { read: () => ['prepare.ipynb'], write } });
  await waitFor(() => {
    expect(cases().textContent).toContain('read 2 of 3');
  });
  const marks = ['prepare.ipynb', 'train.ipynb[seed=1]'];
  expect(write).toHaveBeenCalledExactlyOnceWith(`${evidenceLine().digest} run-0`, marks);
});

test('only the span that changed is marked', () => {
  showChanges();
  const source = screen.getAllByRole('table', { name: 'Source of cell 2' })[0];
  const marks = [...(source?.querySelectorAll('mark') ?? [])].map(mark => mark.textContent);
  expect(marks).toEqual(['1.0', '10.0']);
});

test('cells that are the same are folded until somebody opens them', () => {
  showChanges();
  expect(screen.queryByRole('region', { name: 'cell 1' })).toBeNull();
  const folds = screen.getAllByRole('button', { name: '1 cell between' });
  expect(folds).toHaveLength(2);
  const [first] = folds;
  if (first) {
    fireEvent.click(first);
  }
  expect(screen.getByRole('region', { name: 'cell 1' })).toBeDefined();
});

test('keys walk from change to change and say where one stands', () => {
  showChanges();
  expect(status()).toBe('2 changes');
  const view = screen.getByRole('article', { name: 'Evidence of quality' });
  fireEvent.keyDown(view, { key: 'n' });
  expect(status()).toBe('change 1 of 2');
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Change 1 of 2: cell 2');
  fireEvent.keyDown(view, { key: 'j' });
  expect(status()).toBe('change 2 of 2');
  fireEvent.keyDown(view, { key: 'p' });
  expect(status()).toBe('change 1 of 2');
});

test('keys are heard at once where the widget around had the focus before there was a page', () => {
  const widget = document.body.appendChild(document.createElement('div'));
  widget.tabIndex = -1;
  widget.focus();
  showChanges({}, {}, widget);
  fireEvent.keyDown(document.activeElement ?? widget, { key: 'n' });
  expect(status()).toBe('change 1 of 2');
  widget.remove();
});

test('after the last change the next case that changed is read', () => {
  const look = vi.fn();
  showChanges({ look });
  const next = screen.getByRole('button', { name: 'Next change (N)' });
  fireEvent.click(next);
  fireEvent.click(next);
  expect(look).not.toHaveBeenCalled();
  fireEvent.click(next);
  expect(look).toHaveBeenCalledExactlyOnceWith({ chosen: 2 });
});

test('before the first change there is nothing where no case before it changed', () => {
  showChanges();
  const previous = screen.getByRole<HTMLButtonElement>('button', { name: 'Previous change (P)' });
  fireEvent.click(screen.getByRole('button', { name: 'Next change (N)' }));
  expect(previous.disabled).toBe(true);
});

test('letters typed into a field, and keys with Ctrl, are not taken', () => {
  showChanges();
  const chooser = screen.getByRole('combobox', { name: 'compare with' });
  fireEvent.keyDown(chooser, { key: 'n' });
  fireEvent.keyDown(screen.getByRole('button', { name: 'Verify' }), { key: 'n', ctrlKey: true });
  expect(status()).toBe('2 changes');
});

test('of outputs only those cells are changes whose outputs changed', () => {
  showChanges();
  fireEvent.click(screen.getByRole('radio', { name: 'Outputs' }));
  expect(status()).toBe('1 change');
  fireEvent.click(screen.getByRole('radio', { name: 'Sources' }));
  expect(status()).toBe('2 changes');
});

test('the whole notebook shows every cell with its verdict', () => {
  showChanges();
  fireEvent.click(screen.getByRole('radio', { name: 'Whole notebook' }));
  const cell = screen.getByRole('region', { name: 'cell 1' });
  expect(within(cell).getByRole('img', { name: 'passed' })).toBeDefined();
});

test('a cell opens the notebook where it stands there', () => {
  const host = showChanges();
  fireEvent.click(screen.getByRole('button', { name: 'Open the notebook at cell 4' }));
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'train.ipynb', 3);
});

test('another kept run of the same suite can be chosen to compare with', () => {
  const look = vi.fn();
  showChanges({ look });
  const chooser = screen.getByRole('combobox', { name: 'compare with' });
  const options = within(chooser).getAllByRole('option');
  expect(options.map(one => one.textContent)).toEqual([
    'live, 0.1.3',
    '13:15 by Mara Example · 0.1.3 · passed'
  ]);
  fireEvent.change(chooser, { target: { value: 'run-0' } });
  expect(look).toHaveBeenCalledWith({ against: 'run-0' });
});

test('where nothing is live all of it is new and shown once', () => {
  const relation = 'new';
  const before = null;
  const comparison = aComparison({
    against: null,
    cases: [aCaseComparison({ relation, before, sources: 0, outputs: 0, scores: [] })]
  });
  const changes = aCaseChange({
    against: null,
    case: aCaseComparison({ relation, before }),
    cells: [aCellComparison({ relation, before, lines: [{ before, after: 'C = 10.0' }] })]
  });
  showChanges({ shown: 0, comparison: ready(comparison), changes: ready(changes) });
  expect(screen.getByText(/Nothing is live that stands on another run of quality/)).toBeDefined();
  const source = screen.getByRole('table', { name: 'Source of cell 1' });
  expect(within(source).getAllByRole('columnheader')).toHaveLength(1);
  expect(source.querySelector('mark')).toBeNull();
});

test('of a table the cells that differ are marked', () => {
  const rows = [
    { before: ['class', 'right'], after: ['class', 'right'] },
    { before: ['0', '0.98'], after: ['0', '0.99'] },
    { before: null, after: ['1', '0.97'] }
  ];
  const cells = [aCellComparison({ outputs: [anOutput({ kind: 'table', lines: [], rows })] })];
  showChanges({ changes: ready(aCaseChange({ cells })) });
  const table = screen.getByRole('table', { name: 'table of cell 1, this run' });
  const marks = [...table.querySelectorAll('mark')].map(mark => mark.textContent);
  expect(marks).toEqual(['0.99', '1', '0.97']);
});

test('all of a large output is fetched only when it is asked for', async () => {
  const side = { cell: 7, output: 0, media: 'text/plain', sha256: 'a', whole: false };
  const output = anOutput({ before: { ...side, size: 9 }, after: { ...side, size: 1_200_000 } });
  // Only its text is used, and a blob of jsdom has none.
  const picture = vi.fn().mockResolvedValue({ text: () => Promise.resolve('all of it') });
  showChanges(
    { changes: ready(aCaseChange({ cells: [aCellComparison({ outputs: [output] })] })) },
    { picture }
  );
  expect(picture).not.toHaveBeenCalled();
  const name = 'Show all of stdout of cell 1, this run';
  const button = screen.getByRole('button', { name });
  expect(button.textContent).toBe('Show all, 1.2 MB');
  fireEvent.click(button);
  expect(await screen.findByText('all of it')).toBeDefined();
  expect(picture).toHaveBeenCalledExactlyOnceWith(PROJECT.id, 'run-1', 'outputs/0/7/0/text');
});

test('long stretches of lines that are the same are folded', () => {
  const lines = Array.from({ length: 20 }, (_, place) => {
    const text = `line ${place}`;
    return { before: text, after: place === 19 ? 'another' : text };
  });
  showChanges({ changes: ready(aCaseChange({ cells: [aCellComparison({ lines })] })) });
  const source = screen.getByRole('table', { name: 'Source of cell 1' });
  expect(source.textContent).not.toContain('line 3');
  fireEvent.click(within(source).getByRole('button', { name: '16 lines that are the same' }));
  expect(source.textContent).toContain('line 3');
});

test('software that is another version stands against what was before', () => {
  const software = [{ kernel: 'python3', name: 'numpy', before: '2.0.0', after: '2.1.0' }];
  showChanges({ comparison: ready(aComparison({ software })) });
  const table = screen.getByRole('table', { name: 'Software that is another version' });
  expect(table.textContent).toContain('numpy 2.0.02.1.0');
});
