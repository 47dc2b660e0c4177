import { expect, test } from 'vitest';

import { Client } from '../../src/api/client';
import { evidenceNeeds, evidenceReading, reviewNeeds } from '../../src/store/reading';
import * as resources from '../../src/store/resources';
import { Store } from '../../src/store/store';
import { evidenceLine } from '../samples';

/** A store to which the server said that a run stands behind these versions. */
async function storeWith(versions: readonly string[]): Promise<Store> {
  const evidence = [evidenceLine({ id: 'r1', versions: [...versions] })];
  const never = (): Promise<never> => new Promise(() => undefined);
  const store = new Store(
    new Client({ json: () => Promise.resolve({ evidence }), text: never, blob: never })
  );
  await store.refresh(resources.evidence('p'));
  return store;
}

function changesIn(needs: readonly { key: string }[]): string[] {
  return needs.map(one => one.key).filter(key => key.startsWith('release-changes'));
}

test('evidence of a version asks what its newest changes, once, as its review does', async () => {
  const store = await storeWith(['0.1.0', '0.2.0']);
  const asked = changesIn(evidenceNeeds(store, 'p', 'r1'));
  expect(asked).toEqual(['release-changes:p:0.2.0:']);
  expect(new Set(changesIn(reviewNeeds(store, 'p', '0.2.0', '')))).toEqual(new Set(asked));
  expect(evidenceReading(store, 'p', 'r1').release?.state).toBe('idle');
});

test('evidence that no version stands on asks for none', async () => {
  const store = await storeWith([]);
  expect(changesIn(evidenceNeeds(store, 'p', 'r1'))).toEqual([]);
  expect(evidenceReading(store, 'p', 'r1').release).toBeNull();
});
