import { Notification } from '@jupyterlab/apputils';
import { configure, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { Client } from '../../src/api/client';
import { Refusal } from '../../src/api/problem';
import type { Accepted, Run } from '../../src/api/types';
import { showAcceptDialog } from '../../src/panels/accept_dialog';
import { Store } from '../../src/store/store';
import { Verbs } from '../../src/store/verbs';
import { place } from '../place';
import { aRedCase, aRedCell, aRun, aStatus } from '../samples';

// JupyterLab's dialogs lack the attribute `open`, without which jsdom counts them as hidden.
configure({ defaultHidden: true });

let begun: Promise<unknown> = Promise.resolve();

afterEach(async () => {
  // Dialogs wait for one another: the next one opens when this one is given up.
  screen.queryByRole('button', { name: 'Cancel' })?.click();
  await begun;
});

const RUN = aRun({ cases: [aRedCase({ cells: [aRedCell(), aRedCell({ index: 9 })] })] });
const ACCEPTED: Accepted = {
  run: RUN.id,
  cells: [],
  files: ['expected/train@seed=2.json'],
  commit: '8d01b7a'.padEnd(40, '0'),
  subject: 'Accept the new result of train.ipynb',
  said: '',
  commands: []
};

/** The dialog about one cell; what it sent is in `sent`. */
function begin(
  run: Run = RUN,
  cell: number | null = 7
): {
  sent: object[];
  done: Promise<Accepted | null>;
  refuse: (message: string) => void;
} {
  const sent: object[] = [];
  let refusal = '';
  const client = new Client({
    json: (path, body) => {
      if (!body) {
        return Promise.resolve(path.includes('/runs/') ? run : aStatus());
      }
      sent.push(body);
      return refusal
        ? Promise.reject(new Refusal({ code: 'changed-since', message: refusal }))
        : Promise.resolve(ACCEPTED);
    },
    text: () => Promise.reject(new Error('nobody asks')),
    blob: () => Promise.reject(new Error('nobody asks'))
  });
  const store = new Store(client);
  const host = place({ verbs: new Verbs(store, vi.fn()) });
  const id = run.cases[0]?.id ?? '';
  const of = { project: 'p', run: run.id, case: cell === null ? '' : id, cell };
  const done = showAcceptDialog(of, store, host);
  begun = done;
  return {
    sent,
    done,
    refuse: message => {
      refusal = message;
    }
  };
}

function accept(): void {
  fireEvent.click(screen.getByRole('button', { name: 'Accept and commit' }));
}

async function why(words: string): Promise<HTMLTextAreaElement> {
  const text = await screen.findByRole<HTMLTextAreaElement>('textbox');
  fireEvent.change(text, { target: { value: words } });
  return text;
}

test('it says which cell, and which file is written', async () => {
  begin(aRun({ cases: [aRedCase({ reference: 'expected/train@seed=2.json' })] }));
  await screen.findByText('cell 3 of train.ipynb, seed 2');
  const files = screen.getByRole('list', { name: 'Files that are written' });
  expect(files.textContent).toBe('expected/train@seed=2.json');
});

test('a file that is not there yet is said to be new, with its folder', async () => {
  begin(aRun({ cases: [aRedCase({ notebook: 'models/train.ipynb' })] }));
  expect(await screen.findByText('a new file in models/expected/')).toBeDefined();
});

test('of a whole run the cells and cases are counted', async () => {
  const other = aRedCase({ id: 'other' });
  begin(aRun({ cases: [...RUN.cases, other] }), null);
  expect(await screen.findByText('3 cells of 2 cases')).toBeDefined();
});

test('without a reason nothing is sent, and it says what is missing', async () => {
  const { sent } = begin();
  const text = await why('   ');
  accept();
  expect((await screen.findByRole('alert')).textContent).toMatch(/^Say why/);
  expect(text.getAttribute('aria-invalid')).toBe('true');
  expect(sent).toEqual([]);
});

test('the reason goes with the cell, and the dialog closes', async () => {
  const { sent, done } = begin();
  await why('a duplicate is gone');
  accept();
  await expect(done).resolves.toEqual(ACCEPTED);
  expect(sent).toEqual([{ case: 'train.ipynb[seed=2]', cell: 7, why: 'a duplicate is gone' }]);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('what was accepted is said in one line, with its commands', async () => {
  Notification.dismiss();
  const { done } = begin();
  await why('a duplicate is gone');
  accept();
  await done;
  const [notice, ...others] = Notification.manager.notifications;
  expect(notice?.message).toMatch(/^Expected from now on: /);
  expect(notice?.options.actions?.map(action => action.label)).toContain('What this did');
  expect(others).toEqual([]);
});

test('a refusal is shown, and what was typed is not lost', async () => {
  const { refuse } = begin();
  const text = await why('a duplicate is gone');
  refuse('train.ipynb changed since this run');
  accept();
  expect((await screen.findByRole('alert')).textContent).toContain('changed since this run');
  expect(text.value).toBe('a duplicate is gone');
});

test('Enter begins a line of the reason and sends nothing', async () => {
  const { sent } = begin();
  const text = await why('a duplicate');
  const isLine = fireEvent.keyDown(text, { key: 'Enter' });
  expect(isLine).toBe(true);
  expect(sent).toEqual([]);
});

test('what was given up was not accepted', async () => {
  const { sent, done } = begin();
  await why('a duplicate is gone');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await expect(done).resolves.toBeNull();
  expect(sent).toEqual([]);
});
