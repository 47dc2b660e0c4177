import { expect, test } from 'vitest';

import { Client, type ITransport } from '../../src/api/client';
import { Refusal } from '../../src/api/problem';
import { actName } from '../../src/store/acts';
import { known } from '../../src/store/remote';
import * as resources from '../../src/store/resources';
import { ReviewVerbs } from '../../src/store/review_verbs';
import { Store } from '../../src/store/store';
import { aReview } from '../samples_review';

/** Verbs over a server that answers from a table and writes down what it was sent. */
function verbsOver(answers: Record<string, unknown>): {
  store: Store;
  verbs: ReviewVerbs;
  sent: Map<string, unknown>;
} {
  const sent = new Map<string, unknown>();
  const transport: ITransport = {
    json: (path, body) => {
      const call = `${body ? 'POST' : 'GET'} ${path}`;
      sent.set(call, body);
      return call in answers
        ? Promise.resolve(answers[call])
        : Promise.reject(new Refusal({ code: 'refused', message: 'no' }));
    },
    text: () => Promise.reject(new Error('nobody asks')),
    blob: () => Promise.reject(new Error('nobody asks'))
  };
  const store = new Store(new Client(transport));
  return { store, verbs: new ReviewVerbs(store), sent };
}

const REVIEW = 'projects/p/reviews/0.2.0';
const SEEN = { version: '0.2.0', digest: 'd', nonce: 'n', environment: 'e', policy: 'r' };

test('an approval sends exactly what was seen, and its confirmation', async () => {
  const { verbs, sent } = verbsOver({ [`POST ${REVIEW}/approvals`]: aReview() });
  await verbs.approve('p', SEEN, 'fine');
  expect(sent.get(`POST ${REVIEW}/approvals`)).toEqual({
    digest: 'd',
    nonce: 'n',
    environment: 'e',
    policy: 'r',
    comment: 'fine'
  });
});

test('what was refused is shown afresh, for its confirmation is used up', async () => {
  const { verbs, store } = verbsOver({ [`GET ${REVIEW}`]: aReview({ nonce: 'another' }) });
  expect(await verbs.approve('p', SEEN, '')).toBeNull();
  expect(store.state.acts.get(actName.review('p', '0.2.0', 'approve'))?.state).toBe('failed');
  expect(known(store.read(resources.review('p', '0.2.0')))?.nonce).toBe('another');
});

test('asking pushes nothing: that is an act of its own', async () => {
  const { verbs, sent } = verbsOver({ 'POST projects/p/reviews': aReview() });
  const asking = { environment: 'e', people: ['ken@example.org'], why: '', version: '' };
  await verbs.ask('p', asking);
  expect([...sent.keys()]).toEqual(['POST projects/p/reviews']);
});

test('a review is asked for again when the history or the rules changed, and no other', () => {
  const { heeds } = resources.review('p', '0.2.0');
  const hint = { project: 'p', id: '', seq: 1 } as const;
  expect(heeds({ ...hint, topic: 'ledger' })).toBe(true);
  expect(heeds({ ...hint, topic: 'files' })).toBe(true);
  expect(heeds({ ...hint, topic: 'log' })).toBe(false);
  expect(heeds({ ...hint, project: 'q', topic: 'ledger' })).toBe(false);
});
