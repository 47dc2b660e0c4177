import { expect, test } from 'vitest';

import { viewOf } from '../../src/panels/view_args';

test('a view survives the layout that is restored', () => {
  const view = { kind: 'notebook', project: 'p', run: 'r', index: 2, title: 't' } as const;
  expect(viewOf(view)).toEqual(view);
});

test('arguments that name no view open nothing', () => {
  expect([
    viewOf({}),
    viewOf({ kind: 'run', project: 'p' }),
    viewOf({ kind: 'notebook', project: 'p', run: 'r', index: -1 }),
    viewOf({ kind: 'other', project: 'p' })
  ]).toEqual([null, null, null, null]);
});

test('arguments can open the Deliver page and carry nothing that would deliver', () => {
  const view = viewOf({ kind: 'deliver', project: 'p', environment: 'production', nonce: 'x' });
  expect(view).toEqual({ kind: 'deliver', project: 'p', environment: 'production' });
});

test('a delivery that goes on can be shown again', () => {
  const view = { kind: 'deliver', project: 'p', environment: 'production', delivery: 'k' } as const;
  expect(viewOf(view)).toEqual(view);
});

test('an executed notebook can be opened at a cell', () => {
  const view = { kind: 'notebook', project: 'p', run: 'r', index: 2, title: 't', cell: 8 } as const;
  expect(viewOf(view)).toEqual(view);
});

test('without a cell or a case, all of a run is to be accepted', () => {
  expect(viewOf({ kind: 'accept', project: 'p', run: 'r' })).toEqual({
    kind: 'accept',
    project: 'p',
    run: 'r',
    case: '',
    cell: null
  });
});
