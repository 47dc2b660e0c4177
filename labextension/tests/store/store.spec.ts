import { expect, test, vi } from 'vitest';

import { Client } from '../../src/api/client';
import { Refusal } from '../../src/api/problem';
import type { IResource } from '../../src/store/resources';
import { Store } from '../../src/store/store';

const nowhere = new Client({
  json: () => Promise.reject(new Error('nobody asks')),
  text: () => Promise.reject(new Error('nobody asks')),
  blob: () => Promise.reject(new Error('nobody asks'))
});

function store(): Store {
  return new Store(nowhere);
}

/** A value on a server, answered when the test says so. */
function question(): IResource<number> & {
  asked: number;
  answer: (value: number) => Promise<void>;
  refuse: (message: string) => Promise<void>;
} {
  let settle: ((value: number) => void) | null = null;
  let reject: ((error: Error) => void) | null = null;
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.resolve();
    }
  };
  const made = {
    key: 'answer',
    asked: 0,
    fetch: () => {
      made.asked += 1;
      return new Promise<number>((resolve, fail) => {
        settle = resolve;
        reject = fail;
      });
    },
    heeds: (hint: { topic: string }) => hint.topic === 'run',
    answer: async (value: number) => {
      settle?.(value);
      await settled();
    },
    refuse: async (message: string) => {
      reject?.(new Refusal({ code: 'refused', message }));
      await settled();
    }
  };
  return made;
}

const RUN_HINT = { project: 'p', topic: 'run', id: 'r', seq: 1 } as const;

test('what nobody asked for is idle', () => {
  expect(store().read(question()).state).toBe('idle');
});

test('a watched value is pending, then ready', async () => {
  const kept = store();
  const one = question();
  kept.watch(one);
  expect(kept.read(one)).toEqual({ state: 'pending', last: null });
  await one.answer(42);
  expect(kept.read(one)).toEqual({ state: 'ready', value: 42 });
});

test('what is ready stays on screen while it is asked for again', async () => {
  const kept = store();
  const one = question();
  kept.watch(one);
  await one.answer(42);
  kept.heed(RUN_HINT);
  expect(kept.read(one)).toEqual({ state: 'ready', value: 42 });
});

test('a failure keeps what was known', async () => {
  const kept = store();
  const one = question();
  kept.watch(one);
  await one.answer(42);
  kept.heed(RUN_HINT);
  await one.refuse('no');
  expect(kept.read(one)).toMatchObject({ state: 'failed', last: 42, problem: { message: 'no' } });
});

test('a hint about something else asks nothing', async () => {
  const kept = store();
  const one = question();
  kept.watch(one);
  await one.answer(42);
  kept.heed({ project: 'p', topic: 'files', id: '', seq: 1 });
  expect(one.asked).toBe(1);
});

test('many hints during one question are one more question', async () => {
  const kept = store();
  const one = question();
  kept.watch(one);
  kept.heed(RUN_HINT);
  kept.heed(RUN_HINT);
  kept.heed(RUN_HINT);
  await one.answer(1);
  await one.answer(2);
  expect(one.asked).toBe(2);
  expect(kept.read(one)).toEqual({ state: 'ready', value: 2 });
});

test('what nobody watches any more is not asked for', async () => {
  const kept = store();
  const one = question();
  const watch = kept.watch(one);
  await one.answer(42);
  watch.dispose();
  kept.heed(RUN_HINT);
  expect(one.asked).toBe(1);
});

test('what two watch is asked for until both have gone', async () => {
  const kept = store();
  const one = question();
  const first = kept.watch(one);
  await one.answer(1);
  kept.watch(one);
  await one.answer(2);
  first.dispose();
  kept.heed(RUN_HINT);
  expect(one.asked).toBe(3);
});

test('an act is pending until it is done, then gone', async () => {
  const kept = store();
  let done = (): void => undefined;
  const act = kept.act(
    'run:p:quality',
    () =>
      new Promise<string>(resolve => {
        done = () => resolve('done');
      })
  );
  expect(kept.state.acts.get('run:p:quality')).toEqual({ state: 'pending' });
  done();
  await expect(act).resolves.toBe('done');
  expect(kept.state.acts.size).toBe(0);
});

test('a second click is not a second act', async () => {
  const kept = store();
  const verb = vi.fn(() => new Promise<string>(() => undefined));
  void kept.act('deliver:p:production', verb);
  await expect(kept.act('deliver:p:production', verb)).resolves.toBeNull();
  expect(verb).toHaveBeenCalledTimes(1);
});

test('a refused act says why until it is taken off the screen', async () => {
  const kept = store();
  const problem = { code: 'red', message: '1 case failed' };
  await kept.act('keep:p:r', () => Promise.reject(new Refusal(problem)));
  expect(kept.state.acts.get('keep:p:r')).toEqual({ state: 'failed', problem });
  kept.forget('keep:p:r');
  expect(kept.state.acts.size).toBe(0);
});

test('a state is never changed in place', async () => {
  const kept = store();
  const before = kept.state;
  await kept.act('keep:p:r', () => Promise.reject(new Error('no')));
  expect(before.acts.size).toBe(0);
});

test('one signal tells of every change', () => {
  const kept = store();
  const seen = vi.fn();
  kept.changed.connect(seen);
  kept.update({ path: 'a' });
  kept.update({ project: 'p' });
  expect(seen).toHaveBeenCalledTimes(2);
});
