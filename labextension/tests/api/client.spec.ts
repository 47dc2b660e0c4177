import { expect, test } from 'vitest';

import { Client, type ITransport } from '../../src/api/client';
import { aDelivery, aPreview } from '../samples';

interface ISent {
  readonly path: string;
  readonly body: object | undefined;
}

/** A transport that writes down what was sent and answers what it is told. */
function recording(answer: unknown = {}): { client: Client; sent: ISent[] } {
  const sent: ISent[] = [];
  const transport: ITransport = {
    json: (path, body) => {
      sent.push({ path, body });
      return Promise.resolve(answer);
    },
    text: path => {
      sent.push({ path, body: undefined });
      return Promise.resolve('<html></html>');
    },
    blob: path => {
      sent.push({ path, body: undefined });
      return Promise.resolve(new Blob(['picture']));
    }
  };
  return { client: new Client(transport), sent };
}

test('a project is a part of every route, whatever stands in its name', async () => {
  const { client, sent } = recording();
  await client.status('a/b c');
  expect(sent[0]?.path).toBe('projects/a%2Fb%20c');
});

test('projects are asked for with the path of the current document', async () => {
  const { client, sent } = recording({ projects: [] });
  await client.projects('my models/train.ipynb');
  expect(sent[0]?.path).toBe('projects?path=my%20models%2Ftrain.ipynb');
});

test('what reads has no body', async () => {
  const { client, sent } = recording();
  await client.showRun('p', 'r');
  expect(sent[0]).toEqual({ path: 'projects/p/runs/r', body: undefined });
});

test('what acts has a body even where it says nothing', async () => {
  const { client, sent } = recording();
  await client.cancel('p', 'r');
  expect(sent[0]).toEqual({ path: 'projects/p/runs/r/cancel', body: {} });
});

test('a delivery sends what was confirmed and nothing else of the preview', async () => {
  const { client, sent } = recording();
  const preview = aPreview();
  await client.deliver('p', preview, { why: 'better', issues: ['#12'] });
  expect(sent[0]?.body).toEqual({
    environment: 'production',
    version: '0.2.0',
    digest: preview.digest,
    nonce: 'once',
    why: 'better',
    issues: ['#12']
  });
});

test('an executed notebook is asked for as text', async () => {
  const { client, sent } = recording();
  await expect(client.showNotebook('p', 'r', 3)).resolves.toBe('<html></html>');
  expect(sent[0]?.path).toBe('projects/p/runs/r/notebooks/3');
});

test('a picture of a run is asked for by its path, each part of it quoted', async () => {
  const { client, sent } = recording();
  await client.showPicture('p', 'r', 'differences/train 1.png');
  expect(sent[0]?.path).toBe('projects/p/runs/r/files/differences/train%201.png');
});

test('what is accepted goes with its reason', async () => {
  const { client, sent } = recording();
  await client.accept('p', 'r', { case: 'a.ipynb', cell: 3, why: 'a duplicate is gone' });
  expect(sent[0]).toEqual({
    path: 'projects/p/runs/r/accept',
    body: { case: 'a.ipynb', cell: 3, why: 'a duplicate is gone' }
  });
});

test('a roll back names the version that is to go', async () => {
  const { client, sent } = recording();
  const replaces = {
    version: '0.3.0',
    digest: '',
    since: '',
    by: '',
    back_from: '',
    why: '',
    rules: '',
    key: ''
  };
  const preview = aPreview({ replaces });
  await client.rollBack('p', preview, 'wrong sevens');
  expect(sent[0]).toEqual({
    path: 'projects/p/roll-backs',
    body: {
      environment: 'production',
      version: '0.2.0',
      digest: preview.digest,
      nonce: 'once',
      replaces: '0.3.0',
      why: 'wrong sevens'
    }
  });
});

test('what is done about a delivery carries the confirmation that came with it', async () => {
  const { client, sent } = recording();
  await client.follow('p', aDelivery({ nonce: 'twice' }), 'go-on', '');
  expect(sent[0]).toEqual({
    path: 'projects/p/deliveries/key-1/go-on',
    body: { nonce: 'twice', why: '' }
  });
});
