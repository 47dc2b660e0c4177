import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { SetUpChoices } from '../../src/api/types';
import { IDLE, failed, ready } from '../../src/store/remote';
import { type ISetUpProps, SetUpView } from '../../src/views/set_up_view';
import type { IHost } from '../../src/views/host';
import { show } from '../place';
import { PROJECT, aStatus } from '../samples';
import { CHOICES, DONE, PREVIEW, aProposal } from '../samples_set_up';

interface IShown {
  readonly host: IHost;
  readonly choose: ReturnType<typeof vi.fn>;
  readonly finish: ReturnType<typeof vi.fn>;
}

function showSetUp(part: Partial<ISetUpProps> = {}): IShown {
  const choose = vi.fn();
  const finish = vi.fn();
  const host = show(
    <SetUpView
      proposal={ready(aProposal())}
      choices={CHOICES}
      preview={ready(PREVIEW)}
      act={null}
      done={null}
      status={ready(aStatus())}
      choose={choose}
      finish={finish}
      close={vi.fn()}
      {...part}
    />
  );
  return { host, choose, finish };
}

function chosenBy(choose: ReturnType<typeof vi.fn>): SetUpChoices {
  return choose.mock.lastCall?.[0] as SetUpChoices;
}

test('what is proposed is ticked, and what is not says why', () => {
  showSetUp();
  const ticked = screen.getAllByRole<HTMLInputElement>('checkbox', { name: /ipynb$/ });
  expect(ticked.map(box => box.checked)).toEqual([true, true, false]);
  expect(screen.getByText('the kernel conda-tf1 is not installed here')).toBeDefined();
});

test('what a notebook writes is said to be a guess', () => {
  showSetUp();
  const row = document.querySelector('[data-notebook="prepare.ipynb"]');
  expect(row?.textContent).toContain('seems to write clean.csv');
});

test('a notebook that is ticked runs last', () => {
  const { choose } = showSetUp();
  fireEvent.click(screen.getByRole('checkbox', { name: 'old/first_try.ipynb' }));
  const all = ['prepare.ipynb', 'train.ipynb', 'old/first_try.ipynb'];
  expect(chosenBy(choose).notebooks).toEqual(all);
});

test('without the notebook that makes the model there is no model', () => {
  const { choose } = showSetUp();
  fireEvent.click(screen.getByRole('checkbox', { name: 'train.ipynb' }));
  expect(chosenBy(choose)).toMatchObject({ notebooks: ['prepare.ipynb'], model: '', file: '' });
});

test('the order can be changed by buttons that say what they do', () => {
  const { choose } = showSetUp();
  fireEvent.click(screen.getByRole('button', { name: 'Run train.ipynb earlier' }));
  expect(chosenBy(choose).notebooks).toEqual(['train.ipynb', 'prepare.ipynb']);
  const first = screen.getByRole<HTMLButtonElement>('button', {
    name: 'Run prepare.ipynb earlier'
  });
  expect(first.disabled).toBe(true);
});

test('another notebook can make the model, with the file that it seems to write', () => {
  const { choose } = showSetUp();
  const group = screen.getByRole('group', { name: 'Which notebook makes the model?' });
  fireEvent.click(within(group).getByRole('radio', { name: 'prepare.ipynb' }));
  expect(chosenBy(choose)).toMatchObject({ model: 'prepare.ipynb', file: 'clean.csv' });
});

test('the remotes that are there can be chosen, named by what they look like', () => {
  const { choose } = showSetUp();
  fireEvent.click(screen.getByRole('radio', { name: 'Azure DevOps, seen in origin' }));
  expect(chosenBy(choose).remote).toBe('origin');
});

test('what is written is shown before it is, with what is committed beside it', () => {
  const { finish } = showSetUp();
  const card = screen.getByRole('region', { name: 'What is written' });
  expect(card.textContent).toContain('name = "digits"');
  expect(card.textContent).toContain('train.ipynb');
  fireEvent.click(screen.getByRole('button', { name: 'Write mlcd.toml and commit it' }));
  expect(finish).toHaveBeenCalledOnce();
});

test('a choice that cannot be written says why, and the button waits', () => {
  const problem = { code: 'nothing-chosen', message: 'no notebook is chosen' };
  showSetUp({ preview: ready({ ...PREVIEW, text: '', problem }) });
  expect(screen.getByRole('alert').textContent).toContain('no notebook is chosen');
  const button = screen.getByRole<HTMLButtonElement>('button', { name: /^Write mlcd.toml/ });
  expect(button.disabled).toBe(true);
});

test('while the answer to a choice is on its way, nothing is written', () => {
  showSetUp({ preview: IDLE });
  const button = screen.getByRole<HTMLButtonElement>('button', { name: /^Write mlcd.toml/ });
  expect(button.disabled).toBe(true);
});

test('a hook’s words are shown', () => {
  const problem = { code: 'hook', message: 'A hook refused.', details: { git: 'no toml here' } };
  showSetUp({ act: { state: 'failed', problem } });
  expect(screen.getByRole('alert').textContent).toContain('no toml here');
});

test('a repository without notebooks says what to do', () => {
  const { host } = showSetUp({ proposal: ready(aProposal({ notebooks: [] })) });
  fireEvent.click(screen.getByRole('button', { name: 'Look again' }));
  expect(host.refresh).toHaveBeenCalledOnce();
});

test('where mlcd.toml is there already, it can be opened', () => {
  const problem = { code: 'set-up-already', message: 'there is a mlcd.toml already' };
  const { host } = showSetUp({ proposal: failed(problem, IDLE), choices: null });
  fireEvent.click(screen.getByRole('button', { name: 'Open mlcd.toml' }));
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'mlcd.toml');
});

test('afterwards the tests can be run, and the commands that did it are told', () => {
  const { host } = showSetUp({ done: DONE });
  expect(screen.getByRole('status').textContent).toContain('8d01b7a');
  expect(screen.getByText(/git add --all/)).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'Run the tests' }));
  expect(host.verbs.run).toHaveBeenCalledWith(PROJECT.id, { suite: 'quality' });
});
