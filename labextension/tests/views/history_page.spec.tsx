import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { Deliveries, PastDelivery } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import { HistoryPage } from '../../src/views/history_page';
import { show } from '../place';
import { PROJECT, aDelivery, minutesAgo } from '../samples';
import { someFigures } from '../samples_releases';

function past(part: Partial<PastDelivery> = {}): PastDelivery {
  const delivery = aDelivery({ state: 'delivered' });
  return { delivery, is_live: false, taken_back: null, ...part };
}

function showHistory(
  deliveries: PastDelivery[],
  part: Partial<Deliveries> = {}
): ReturnType<typeof show> & { turn: (page: number) => void } {
  const turn = vi.fn();
  const total = deliveries.length;
  const found = { environment: 'production', deliveries, total, page: 0, pages: 1, ...part };
  const host = show(
    <HistoryPage
      project={PROJECT.id}
      environment="production"
      deliveries={ready(found)}
      figures={ready(someFigures())}
      turn={turn}
    />
  );
  return { ...host, turn };
}

/** The rows of the deliveries, the heads first. */
function lines(): HTMLElement[] {
  return within(screen.getByRole('region', { name: 'Deliveries' })).getAllByRole('row');
}

const BACK = past({
  delivery: aDelivery({
    key: 'k3',
    version: '0.1.0',
    state: 'delivered',
    back_from: '0.2.0',
    why: 'wrong sevens'
  }),
  is_live: true
});
const TAKEN = past({
  delivery: aDelivery({ key: 'k2', version: '0.2.0', state: 'delivered' }),
  taken_back: { to: '0.1.0', at: minutesAgo(1), by: 'Ken <k@example.org>', why: 'wrong sevens' }
});
const FAILED = past({
  delivery: aDelivery({ key: 'k1', version: '0.2.0', state: 'failed', reason: 'disk full' })
});

test('each line says how it ended, and what was rolled back to what', () => {
  showHistory([BACK, TAKEN, FAILED]);
  const [, back, taken, failed] = lines();
  expect(back?.textContent).toContain('delivered, back from 0.2.0');
  expect(back?.textContent).toContain('wrong sevens');
  expect(taken?.textContent).toContain('rolled back to 0.1.0, 13:24 by Ken: wrong sevens');
  expect(failed?.textContent).toContain('failed. disk full');
});

test('what was live and is not can be brought back; what failed cannot', () => {
  const host = showHistory([BACK, TAKEN, FAILED]);
  const [, back, taken, failed] = lines();
  const buttons = (row: HTMLElement | undefined): number =>
    row ? within(row).queryAllByRole('button', { name: /^Roll back/ }).length : -1;
  expect([buttons(back), buttons(taken), buttons(failed)]).toEqual([0, 1, 0]);
  fireEvent.click(screen.getByRole('button', { name: 'Roll back production to 0.2.0…' }));
  expect(host.open).toHaveBeenCalledWith({
    kind: 'roll-back',
    project: PROJECT.id,
    environment: 'production',
    version: '0.2.0'
  });
});

test('longer histories are turned page by page', () => {
  const { turn } = showHistory([FAILED], { total: 45, page: 1, pages: 3 });
  expect(document.body.textContent).toContain('page 2 of 3');
  fireEvent.click(screen.getByRole('button', { name: 'Older' }));
  expect(turn).toHaveBeenCalledWith(2);
});

test('the figures stand above the deliveries', () => {
  showHistory([BACK]);
  expect(screen.getByRole('region', { name: 'How delivery goes' }).textContent).toContain('2.7');
});

test('where nothing was delivered it says so', () => {
  showHistory([]);
  expect(document.body.textContent).toContain('Nothing was delivered there yet.');
});
