import type { Event } from '@jupyterlab/services';
import { Stream } from '@lumino/signaling';
import { afterEach, expect, test, vi } from 'vitest';

import { Client } from '../../src/api/client';
import { CHANGED } from '../../src/api/events';
import { Following } from '../../src/store/following';
import { statusOf } from '../../src/store/live';
import { changes } from '../../src/store/resources';
import { Store } from '../../src/store/store';
import { PROJECT, aStatus } from '../samples';

const OTHER = { id: 'b3RoZXI', name: 'other', path: 'other' };
const begun: Following[] = [];

afterEach(() => begun.splice(0).forEach(following => following.dispose()));

interface IScene {
  readonly store: Store;
  readonly following: Following;
  readonly asked: string[];
  readonly emit: (emission: Event.Emission) => void;
}

/** A store that follows a server with two projects. */
function scene(): IScene {
  const asked: string[] = [];
  const answer = (path: string): unknown => {
    asked.push(path);
    return path.startsWith('projects?') ? { projects: [PROJECT, OTHER] } : aStatus();
  };
  const client = new Client({
    json: path => Promise.resolve(answer(path)),
    text: () => Promise.reject(new Error('nobody asks')),
    blob: () => Promise.reject(new Error('nobody asks'))
  });
  const events = {} as Event.IManager;
  const stream = new Stream<Event.IManager, Event.Emission>(events);
  Object.defineProperty(events, 'stream', { value: stream });
  const store = new Store(client);
  const following = new Following(store, events);
  begun.push(following);
  return { store, following, asked, emit: emission => stream.emit(emission) };
}

test('it shows the project that holds the document', async () => {
  const { store, following } = scene();
  await following.goTo('other/train.ipynb');
  expect(store.state.project).toBe(OTHER.id);
});

test('a document outside of all projects leaves the one that is shown', async () => {
  const { store, following } = scene();
  await following.goTo('other/train.ipynb');
  await following.goTo('notes.txt');
  expect(store.state.project).toBe(OTHER.id);
});

test('without a document it shows the first project', async () => {
  const { store, following } = scene();
  await following.goTo('');
  expect(store.state.project).toBe(PROJECT.id);
});

test('a hint of the server makes it ask again', async () => {
  const { following, asked, emit } = scene();
  await following.goTo('digits/train.ipynb');
  const before = asked.length;
  await Promise.resolve();
  emit({ schema_id: CHANGED, project: PROJECT.id, topic: 'files', id: '', seq: 2 });
  await Promise.resolve();
  expect(asked.slice(before)).toEqual([`projects/${PROJECT.id}`]);
});

test('a hint about another project asks nothing', async () => {
  const { following, asked, emit } = scene();
  await following.goTo('digits/train.ipynb');
  const before = asked.length;
  emit({ schema_id: CHANGED, project: OTHER.id, topic: 'files', id: '', seq: 2 });
  expect(asked.length).toBe(before);
});

test('a gap in the numbers of the hints asks for everything that is watched', async () => {
  const { store, following, asked, emit } = scene();
  await following.goTo('digits/train.ipynb');
  await vi.waitFor(() => expect(statusOf(store)).not.toBeNull());
  const watch = store.watch(changes(PROJECT.id));
  const before = asked.length;
  const seen = aStatus().seq;
  emit({ schema_id: CHANGED, project: PROJECT.id, topic: 'run', id: 'r', seq: seen + 5 });
  await vi.waitFor(() => expect(asked.slice(before)).toContain(`projects/${PROJECT.id}/changes`));
  watch.dispose();
});

test('a document in no project and none at all leave what was chosen', async () => {
  const { store, following } = scene();
  await following.goTo('digits/train.ipynb');
  following.choose('bm90LWxpc3RlZA');
  await following.goTo('');
  expect(store.state.project).toBe('bm90LWxpc3RlZA');
});

test('coming back to the page asks again, as hints may have been missed', async () => {
  const { following, asked } = scene();
  await following.goTo('digits/train.ipynb');
  await new Promise(resolve => setTimeout(resolve));
  const before = asked.length;
  document.dispatchEvent(new Event('visibilitychange'));
  expect(asked.length).toBe(before + 1);
});
