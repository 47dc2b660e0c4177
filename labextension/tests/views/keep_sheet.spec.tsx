import { fireEvent, screen, waitFor } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { SecretsFound } from '../../src/api/types';
import { actName } from '../../src/store/acts';
import { ready } from '../../src/store/remote';
import type { Act } from '../../src/store/store';
import { KeepSheet } from '../../src/views/keep_sheet';
import { RunView } from '../../src/views/run_view';
import { place, show } from '../place';
import { PROJECT, aCase, aRedCell, aRun, aStatus } from '../samples';
import { ALLOWED, aPersonalTable, aSecret, someSecrets } from '../samples_secrets';

const RUN = aRun({ id: 'run-1', cases: [aCase({ cells: [aRedCell({ index: 2 })] })] });

function showSheet(
  found: SecretsFound,
  part: Parameters<typeof show>[1] = {}
): ReturnType<typeof show> {
  return show(
    <KeepSheet
      project={PROJECT}
      id={PROJECT.id}
      run={RUN}
      found={found}
      isFresh
      acts={new Map()}
      close={vi.fn()}
    />,
    part
  );
}

function press(name: string | RegExp): void {
  fireEvent.click(screen.getByRole('button', { name }));
}

test('each finding stands there with kind, sample and place, and nothing was written', () => {
  showSheet(someSecrets());
  const sheet = screen.getByRole('dialog', { name: 'Not kept: 1 value in it looks like a secret' });
  expect(sheet.textContent).toContain('github-token');
  expect(sheet.textContent).toContain('ghp_…');
  expect(sheet.textContent).toContain('train.ipynb · cell 1 · output 1');
  expect(sheet.textContent).toContain('Nothing was written.');
});

test('the same value in two places is allowed once', () => {
  showSheet(someSecrets([aSecret(1), aSecret(2, { cell: 4 })]));
  expect(screen.getAllByRole('button', { name: /^Allow/ })).toHaveLength(1);
  expect(screen.getAllByRole('button', { name: /^Show the cell/ })).toHaveLength(2);
});

test('the cell is shown in the executed notebook', () => {
  const host = showSheet(someSecrets());
  press(/^Show the cell/);
  expect(host.open).toHaveBeenCalledWith(
    expect.objectContaining({ kind: 'notebook', run: 'run-1', index: 0, cell: 2 })
  );
});

test('a secret in a source is opened in the notebook, where parameters shift no cell', () => {
  const host = showSheet(someSecrets([{ ...aSecret(1, { output: null, cell: 3 }), source: 2 }]));
  press(/^Open the notebook/);
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, RUN.cases[0]?.notebook, 2);
});

test('it can be kept once nothing stands in the way, and who allowed it is said', () => {
  const host = showSheet(someSecrets([aSecret(1, {}, ALLOWED)]));
  expect(screen.getByText(/allowed by Ken until .*: of the manual/)).toBeDefined();
  press('Keep');
  expect(host.verbs.keep).toHaveBeenCalledWith(PROJECT.id, 'run-1', false);
});

test('what stands in the way cannot be kept', () => {
  showSheet(someSecrets());
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Keep' }).disabled).toBe(true);
});

test('an output that is taken out anyway does not stand in the way', () => {
  showSheet(someSecrets([aSecret()], { redacts: true }));
  expect(screen.getByText('Keep takes it out, and says so.')).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Keep' }).disabled).toBe(false);
});

test('the last one is allowed with a reason and a day, and then the run is kept', async () => {
  const allow = vi.fn().mockResolvedValue(someSecrets([aSecret(1, {}, ALLOWED)]));
  const tidying = { ...place().tidying, allow };
  const host = showSheet(someSecrets(), { tidying });
  press(/^Allow github-token/);
  const confirm = screen.getByRole<HTMLButtonElement>('button', {
    name: 'Allow it and keep the run'
  });
  expect(confirm.disabled).toBe(true);
  fireEvent.change(screen.getByRole('textbox', { name: 'Why it may be kept' }), {
    target: { value: 'of the manual' }
  });
  fireEvent.click(confirm);
  await waitFor(() => expect(host.verbs.keep).toHaveBeenCalledWith(PROJECT.id, 'run-1', false));
  expect(allow).toHaveBeenCalledWith(
    PROJECT.id,
    'run-1',
    expect.objectContaining({ number: 1, fingerprint: 'f1', why: 'of the manual', nonce: 'n' })
  );
});

test('one of several does not keep the run', async () => {
  const allow = vi.fn().mockResolvedValue(someSecrets());
  const tidying = { ...place().tidying, allow };
  const found = someSecrets([aSecret(1), aSecret(2, { fingerprint: 'f2', sample: 'gho_…' })]);
  const host = showSheet(found, { tidying });
  press(/^Allow github-token gho_/);
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'w' } });
  press('Allow it');
  await waitFor(() => expect(allow).toHaveBeenCalled());
  expect(host.verbs.keep).not.toHaveBeenCalled();
});

test('a table that looks like personal data is kept only when she says so here', () => {
  const host = showSheet(someSecrets([], { personal: [aPersonalTable()] }));
  const sheet = screen.getByRole('dialog', {
    name: 'Not kept yet: 1 table in it looks like personal data'
  });
  expect(sheet.textContent).toContain('name, e-mail addressin 12 rows');
  expect(sheet.textContent).toContain('train.ipynb · cell 1 · output 1');
  press(/^Show the cell/);
  expect(host.open).toHaveBeenCalledWith(expect.objectContaining({ kind: 'notebook', cell: 2 }));
  press('Keep it in git all the same');
  expect(host.verbs.keep).toHaveBeenCalledWith(PROJECT.id, 'run-1', true);
});

test('mlcd.toml, where such notebooks are kept out of git, is opened from there', () => {
  const host = showSheet(someSecrets([], { personal: [aPersonalTable()] }));
  press('Open mlcd.toml');
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'mlcd.toml');
});

test('allowing the last secret keeps nothing while personal data is not looked at', () => {
  showSheet(someSecrets([aSecret()], { personal: [aPersonalTable()] }));
  press(/^Allow github-token/);
  expect(screen.getByRole('button', { name: 'Allow it' })).toBeDefined();
});

test('a script cannot allow it', () => {
  const host = showSheet(someSecrets(), { isByPerson: () => false });
  press(/^Allow github-token/);
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'w' } });
  press('Allow it and keep the run');
  expect(host.tidying.allow).not.toHaveBeenCalled();
});

test('a run shows it in place of the refusal', () => {
  const problem = { code: 'secret-found', message: 'this looks like a secret', hint: '' };
  const act: Act = { state: 'failed', problem: { ...problem, details: { run: 'run-1' } } };
  show(
    <RunView
      project={PROJECT.id}
      run={ready(RUN)}
      status={ready(aStatus())}
      acts={new Map([[actName.keep(PROJECT.id, 'run-1'), act]])}
      secrets={ready(someSecrets())}
    />
  );
  expect(screen.getByRole('dialog')).toBeDefined();
  expect(screen.queryByText('this looks like a secret')).toBeNull();
});

test('where it cannot be shown, the refusal leads to its page', () => {
  const problem = {
    code: 'secret-found',
    message: 'this looks like a secret',
    hint: '',
    details: { run: 'run-1', findings: ['one', 'two'] }
  };
  const host = show(
    <RunView
      project={PROJECT.id}
      run={ready(RUN)}
      status={ready(aStatus())}
      acts={new Map([[actName.keep(PROJECT.id, 'run-1'), { state: 'failed', problem }]])}
    />
  );
  expect(screen.getByRole('alert').textContent).toContain('2 places in the run look like secrets');
  press('Look at it…');
  expect(host.open).toHaveBeenCalledWith({ kind: 'secrets', project: PROJECT.id, run: 'run-1' });
});
