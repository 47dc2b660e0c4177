import { configure, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { Client } from '../../src/api/client';
import { Refusal } from '../../src/api/problem';
import type { ParameterForm, Problem, Run } from '../../src/api/types';
import { runNotebook } from '../../src/panels/run_dialog';
import { Store } from '../../src/store/store';
import { Verbs } from '../../src/store/verbs';
import { place } from '../place';
import { aRun } from '../samples';
import { aForm } from '../samples_set_up';

// JupyterLab's dialogs lack the attribute `open`, without which jsdom counts them as hidden.
configure({ defaultHidden: true });

const EMPTY = { type: 'object', properties: {} };
let begun: Promise<unknown> = Promise.resolve();

afterEach(async () => {
  // Dialogs wait for one another: the next one opens when this one is given up.
  screen.queryByRole('button', { name: 'Cancel' })?.click();
  await begun;
});

interface IBegun {
  readonly sent: object[];
  readonly done: Promise<Run | null>;
  readonly refuse: (problem: Problem) => void;
}

/** "Run as test" on train.ipynb; what it sent is in `sent`. */
function begin(form: ParameterForm = aForm()): IBegun {
  const sent: object[] = [];
  let refusal: Problem | null = null;
  const client = new Client({
    json: (path, body) => {
      if (!body) {
        return Promise.resolve(path.includes('/parameters?') ? form : aRun());
      }
      sent.push(body);
      return refusal ? Promise.reject(new Refusal(refusal)) : Promise.resolve(aRun());
    },
    text: () => Promise.reject(new Error('nobody asks')),
    blob: () => Promise.reject(new Error('nobody asks'))
  });
  const store = new Store(client);
  const host = place({ verbs: new Verbs(store, vi.fn()) });
  const done = runNotebook('p', 'train.ipynb', store, host);
  begun = done;
  return {
    sent,
    done,
    refuse: problem => {
      refusal = problem;
    }
  };
}

function field<T extends HTMLElement = HTMLInputElement>(name: string): Promise<T> {
  return screen.findByLabelText<T>(name);
}

function type(element: HTMLElement, value: string): void {
  fireEvent.change(element, { target: { value } });
}

test('each parameter has a field of its type, with what it is by default', async () => {
  begin();
  expect((await field('C')).value).toBe('1');
  expect((await field('since')).type).toBe('date');
  expect((await field('shuffle')).checked).toBe(true);
  expect((await field<HTMLSelectElement>('kernel')).tagName).toBe('SELECT');
  expect(screen.getByText(/regularisation · a number · default 1/)).toBeDefined();
});

test('the help of a parameter is tied to its field', async () => {
  begin();
  const described = (await field('C')).getAttribute('aria-describedby') ?? '';
  const words = described.split(' ').map(id => document.getElementById(id)?.textContent);
  expect(words.join(' ')).toContain('regularisation');
});

test('only what is other than the default is sent', async () => {
  const { sent, done } = begin();
  type(await field('C'), '10.5');
  fireEvent.click(screen.getByRole('button', { name: 'Run' }));
  await done;
  expect(sent).toEqual([{ notebook: 'train.ipynb', parameters: { C: 10.5 } }]);
});

test('every kind of field is sent as its type', async () => {
  const { sent, done } = begin();
  type(await field('depth'), '7');
  type(await field('layers'), '[8, 4]');
  type(await field('since'), '2026-02-01');
  fireEvent.click(await field('shuffle'));
  const kernel = await field<HTMLSelectElement>('kernel');
  type(kernel, [...kernel.options].find(one => one.text === 'linear')?.value ?? '');
  fireEvent.click(screen.getByRole('button', { name: 'Run' }));
  await done;
  const given = { depth: 7, layers: [8, 4], since: '2026-02-01', shuffle: false, kernel: 'linear' };
  expect(sent).toEqual([{ notebook: 'train.ipynb', parameters: given }]);
});

test('Enter in a field starts, and Escape closes', async () => {
  const { sent, done } = begin();
  fireEvent.keyDown(await field('C'), { key: 'Enter' });
  await done;
  expect(sent).toHaveLength(1);
  const second = begin();
  fireEvent.keyDown(await field('C'), { key: 'Escape' });
  await expect(second.done).resolves.toBeNull();
  expect(second.sent).toEqual([]);
});

test('the first field has the focus', async () => {
  begin();
  const first = await field('C');
  await waitFor(() => expect(document.activeElement).toBe(first));
});

test('what the last run was given is there, and can be reset', async () => {
  begin(aForm({ last: { C: 3 } }));
  expect((await field('C')).value).toBe('3');
  fireEvent.click(screen.getByRole('button', { name: 'Reset to defaults' }));
  await waitFor(async () => expect((await field('C')).value).toBe('1'));
});

test('a list that cannot be read is told at its field, and nothing is sent', async () => {
  const { sent } = begin();
  type(await field('layers'), '[8,');
  fireEvent.click(screen.getByRole('button', { name: 'Run' }));
  const words = (await screen.findByRole('alert')).textContent;
  expect(words).toContain('cannot be read');
  expect(sent).toEqual([]);
});

test('a value of another type is told at its field before the server is asked', async () => {
  const { sent } = begin();
  type(await field('depth'), '2.5');
  type(await field('layers'), '["many"]');
  fireEvent.click(screen.getByRole('button', { name: 'Run' }));
  const told = await screen.findAllByRole('alert');
  expect(told.map(one => one.closest('[data-parameter]')?.getAttribute('data-parameter'))).toEqual([
    'depth',
    'layers'
  ]);
  expect(sent).toEqual([]);
  await waitFor(async () => expect(document.activeElement).toBe(await field('depth')));
});

test('what the server says of a parameter stands at its field', async () => {
  const { refuse } = begin();
  type(await field('C'), '10');
  const message = '`C` is declared as a whole number';
  refuse({ code: 'ill-typed-parameter', message, details: { parameter: 'C' } });
  fireEvent.click(screen.getByRole('button', { name: 'Run' }));
  const told = await screen.findByText(/is declared as a whole number/);
  expect(told.closest('[data-parameter]')?.getAttribute('data-parameter')).toBe('C');
  expect((await field('C')).value).toBe('10');
});

test('what the server says of something else stands below the fields', async () => {
  const { refuse } = begin();
  await field('C');
  refuse({ code: 'running', message: 'it is running already' });
  fireEvent.click(screen.getByRole('button', { name: 'Run' }));
  expect((await screen.findByRole('alert')).textContent).toContain('it is running already');
});

test('a notebook without parameters runs at once', async () => {
  const problem = { code: 'no-parameters-cell', message: 'no cell tagged parameters' };
  const { sent, done } = begin(aForm({ schema: EMPTY, problem }));
  expect(await done).not.toBeNull();
  expect(sent).toEqual([{ notebook: 'train.ipynb' }]);
  expect(screen.queryByRole('dialog')).toBeNull();
});
