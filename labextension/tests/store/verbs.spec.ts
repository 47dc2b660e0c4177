import { expect, test } from 'vitest';

import { Client, type ITransport } from '../../src/api/client';
import { Refusal } from '../../src/api/problem';
import { withRun } from '../../src/store/live';
import { known } from '../../src/store/remote';
import * as resources from '../../src/store/resources';
import { Store } from '../../src/store/store';
import { Verbs } from '../../src/store/verbs';
import { aDelivery, aPreview, aRun, aStatus } from '../samples';

/** Verbs over a server that answers from a table and writes down the order of things. */
function verbsOver(answers: Record<string, unknown>): {
  store: Store;
  verbs: Verbs;
  order: string[];
} {
  const order: string[] = [];
  const transport: ITransport = {
    json: (path, body) => {
      const call = `${body ? 'POST' : 'GET'} ${path}`;
      order.push(call);
      return call in answers
        ? Promise.resolve(answers[call])
        : Promise.reject(new Refusal({ code: 'refused', message: 'no' }));
    },
    text: () => Promise.reject(new Error('nobody asks')),
    blob: () => Promise.reject(new Error('nobody asks'))
  };
  const store = new Store(new Client(transport));
  const saveFirst = (): Promise<void> => {
    order.push('save');
    return Promise.resolve();
  };
  return { store, verbs: new Verbs(store, saveFirst), order };
}

test('open documents are saved before a run begins', async () => {
  const { verbs, order } = verbsOver({ 'POST projects/p/runs': aRun() });
  await verbs.run('p', { suite: 'quality' });
  expect(order).toEqual(['save', 'POST projects/p/runs']);
});

test('a run that was started here is remembered, to tell how it ended', async () => {
  const { verbs, store } = verbsOver({ 'POST projects/p/runs': aRun() });
  await verbs.run('p', { suite: 'quality' });
  expect([...store.state.started]).toEqual([['run-1', 'p']]);
});

const NOTHING = { why: '', issues: [] };

test('a confirmed roll back is remembered, to show how it goes on', async () => {
  const { verbs, store } = verbsOver({ 'POST projects/p/roll-backs': aDelivery() });
  await verbs.rollBack('p', aPreview(), 'wrong sevens');
  expect(store.state.confirmed.get('p:production')).toBe('key-1');
});

test('what is done about a delivery is followed by a look at it, also when it is refused', async () => {
  const { verbs, order, store } = verbsOver({ 'GET projects/p/deliveries/key-1': aDelivery() });
  await verbs.follow('p', aDelivery(), 'cancel');
  expect(order).toEqual([
    'POST projects/p/deliveries/key-1/cancel',
    'GET projects/p/deliveries/key-1'
  ]);
  expect(store.state.acts.get('follow:p:key-1')?.state).toBe('failed');
});

test('a run that was begun is shown before the status is asked for again', async () => {
  const answers = { 'GET projects/p': aStatus() };
  const run = aRun({ id: 'run-2', suite: 'quality', state: 'waiting', verdict: null });
  const { verbs, store, order } = verbsOver({ ...answers, 'POST projects/p/runs': run });
  const status = resources.status('p');
  store.watch(status);
  await store.refresh(status);
  const shown: unknown[] = [];
  store.changed.connect(() => {
    shown.push([order.length, known(store.read(status))?.suites[0]?.run?.id]);
  });
  await verbs.run('p', { suite: 'quality' });
  const asked = order.indexOf('POST projects/p/runs') + 1;
  expect(shown).toContainEqual([asked, 'run-2']);
});

test('a run of a single notebook is shown above the others at once', () => {
  const older = aRun({ id: 'run-1', suite: 'a.ipynb' });
  const begun = aRun({ id: 'run-2', suite: 'b.ipynb' });
  const status = withRun(aStatus({ runs: [older] }), begun);
  expect(status.runs.map(run => run.id)).toEqual(['run-2', 'run-1']);
});

test('a confirmed delivery is remembered, to show how it goes on', async () => {
  const { verbs, store } = verbsOver({ 'POST projects/p/deliveries': aDelivery() });
  await verbs.deliver('p', aPreview(), NOTHING);
  expect(store.state.confirmed.get('p:production')).toBe('key-1');
});

test('after a refused delivery a new preview is asked for, as the nonce is used up', async () => {
  const { verbs, order } = verbsOver({ 'GET projects/p/previews/production': aPreview() });
  await verbs.deliver('p', aPreview(), NOTHING);
  expect(order).toEqual(['POST projects/p/deliveries', 'GET projects/p/previews/production']);
});

test('a refused commit is kept as a problem', async () => {
  const { verbs, store } = verbsOver({});
  await expect(verbs.commit('p', ['a.ipynb'], 'words')).resolves.toBeNull();
  expect(store.state.acts.get('commit:p')?.state).toBe('failed');
});

test('after a delivery the page can be opened for the next one', async () => {
  const { verbs, store } = verbsOver({ 'POST projects/p/deliveries': aDelivery() });
  await verbs.deliver('p', aPreview(), NOTHING);
  verbs.show('p', 'production');
  expect(store.state.confirmed.size).toBe(0);
});

test('what was accepted is asked about again: files and runs have changed', async () => {
  const accepted = { run: 'r', cells: [], files: [], commit: 'c', subject: 's', said: '' };
  const { verbs, store, order } = verbsOver({ 'POST projects/p/runs/r/accept': accepted });
  store.watch(resources.status('p'));
  await verbs.accept('p', 'r', { case: '', cell: null, why: 'better' });
  expect(order).toEqual(['GET projects/p', 'POST projects/p/runs/r/accept', 'GET projects/p']);
});

test('what was not accepted says why', async () => {
  const { verbs, store } = verbsOver({});
  await expect(verbs.accept('p', 'r', { case: '', cell: null, why: 'w' })).resolves.toBeNull();
  expect(store.state.acts.get('accept:p:r')?.state).toBe('failed');
});
