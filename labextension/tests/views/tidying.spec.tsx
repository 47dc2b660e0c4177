import { fireEvent, screen, waitFor } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { ErasurePlan, Pruned } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import { EraseSheet } from '../../src/views/erase_sheet';
import { KeptNotice } from '../../src/views/kept_notice';
import { PruneSheet } from '../../src/views/prune_sheet';
import { place, show } from '../place';
import { aManifest } from '../samples';
import { ALLOWED, aCleaning, aFinding, aPlan } from '../samples_secrets';

function showErase(plan: ErasurePlan): ReturnType<typeof show> {
  const erase = vi.fn().mockResolvedValue(plan);
  return show(<EraseSheet project="p" plan={ready(plan)} acts={new Map()} close={vi.fn()} />, {
    tidying: { ...place().tidying, erase }
  });
}

function say(name: RegExp, value: string): void {
  fireEvent.change(screen.getByRole('textbox', { name }), { target: { value } });
}

function button(name: string): HTMLButtonElement {
  return screen.getByRole<HTMLButtonElement>('button', { name });
}

test('what goes and what git keeps is said before anything is erased', () => {
  showErase(aPlan());
  const sheet = screen.getByRole('dialog');
  expect(sheet.textContent).toContain('Removes 1 file, 55.7 kB');
  expect(sheet.textContent).toContain('Does not remove what git holds: 7 files');
});

test('it takes a reason and the end of the id', async () => {
  const host = showErase(aPlan());
  expect(button('Erase it for good').disabled).toBe(true);
  say(/^Why/, 'Customer 12 asked for it');
  say(/cannot be undone/, '65453f');
  expect(button('Erase it for good').disabled).toBe(true);
  say(/cannot be undone/, '2865453f');
  fireEvent.click(button('Erase it for good'));
  await waitFor(() => expect(host.tidying.erase).toHaveBeenCalled());
  expect(host.tidying.erase).toHaveBeenCalledWith('p', aPlan().run, {
    why: 'Customer 12 asked for it',
    only: [],
    although_live: [],
    nonce: 'n'
  });
});

test('what is live has to be agreed to by its environment', () => {
  const needed = [{ project: 'digits', version: '0.2.0', environments: ['production'] }];
  const host = showErase(aPlan({ needed }));
  say(/^Why/, 'w');
  say(/cannot be undone/, '2865453f');
  expect(button('Erase it for good').disabled).toBe(true);
  fireEvent.click(screen.getByRole('checkbox', { name: /live or on its way in production/ }));
  fireEvent.click(button('Erase it for good'));
  expect(host.tidying.erase).toHaveBeenCalledWith(
    'p',
    aPlan().run,
    expect.objectContaining({ although_live: ['production'] })
  );
});

test('a file can stay', () => {
  const more = { name: 'table.csv', sha256: 'b'.repeat(64), size: 10 };
  const host = showErase(aPlan({ files: [...aPlan().files, more] }));
  fireEvent.click(screen.getByRole('checkbox', { name: /table.csv/ }));
  say(/^Why/, 'w');
  say(/cannot be undone/, '2865453f');
  fireEvent.click(button('Erase it for good'));
  expect(host.tidying.erase).toHaveBeenCalledWith(
    'p',
    aPlan().run,
    expect.objectContaining({ only: ['a'.repeat(64)] })
  );
});

test('where nothing is left there is nothing to confirm', () => {
  showErase(aPlan({ here: [], draft: false }));
  expect(screen.getByRole('status').textContent).toContain('holds nothing of it');
});

function showPrune(plan: Pruned): ReturnType<typeof show> {
  const prune = vi.fn().mockResolvedValue({ ...plan, dry_run: false });
  return show(<PruneSheet project="p" plan={ready(plan)} acts={new Map()} close={vi.fn()} />, {
    tidying: { ...place().tidying, prune }
  });
}

test('cleaning up says how much first, and what it was afterwards', async () => {
  const host = showPrune(aCleaning());
  const table = screen.getByRole('table', { name: 'What is removed' });
  expect(table.textContent).toContain('drafts older than 30 days12.0 MB4');
  fireEvent.click(button('Remove 2.5 MB'));
  await screen.findByText('Removed: 1 draft and 1 stored file, 2.5 MB in all.');
  expect(host.tidying.prune).toHaveBeenCalledWith('p', 'n');
});

test('where nothing can go, nothing is asked', () => {
  showPrune(aCleaning({ drafts: [], files: [] }));
  expect(screen.getByRole('status').textContent).toContain('nothing to clean up');
});

test('a reader is told what was taken out, allowed and erased', () => {
  const redacted = [{ file: 'nb/0.ipynb', cell: 2, output: 0, rule: 'openai-key', count: 2 }];
  const { by, until, reason } = ALLOWED;
  const allowed = [{ finding: aFinding({ file: 'nb/0.ipynb' }), by, until, reason }];
  const out_of_git = [
    { file: 'nb/0.ipynb', sha256: 'a'.repeat(64), size: 9, why: 'cell 3: name in 5 rows' }
  ];
  const erased = {
    files: aPlan().files,
    draft: true,
    why: 'Customer 12 asked for it',
    by: 'Ken <ken@example.org>',
    at: '2026-03-03T12:00:00Z',
    signed: 'unsigned',
    problem: ''
  };
  const manifest = aManifest({
    notebooks: { 'train.ipynb[seed=1]': 'nb/0.ipynb' },
    kept: { draft: 'd', redacted, allowed, out_of_git, v: 1 },
    erased: [erased]
  });
  show(<KeptNotice manifest={manifest} />);
  const words = screen.getByRole('region').textContent;
  expect(words).toContain('2 secrets were taken out');
  expect(words).toContain(
    'openai-key train.ipynb, seed 1 · cell 3 of the executed notebook · output 1 · 2 times'
  );
  expect(words).toMatch(/was kept, allowed by Ken until .*: of the manual/);
  expect(words).toContain(
    'train.ipynb, seed 1 is not in git, but on the machine that ran it: cell 3: name in 5 rows'
  );
  expect(words).toMatch(/model.joblib: erased .* by Ken \(not signed\): Customer 12 asked for it/);
});

test('evidence that is as it ran says nothing', () => {
  show(<KeptNotice manifest={aManifest()} />);
  expect(screen.queryByRole('region')).toBeNull();
});
