import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { Delivery } from '../../src/api/types';
import { IDLE, ready } from '../../src/store/remote';
import { DeliverPage } from '../../src/views/deliver_page';
import type { IHost } from '../../src/views/host';
import { show } from '../place';
import { PROJECT, aDelivery, aPreview, aStatus } from '../samples';

function showDelivery(
  part: Partial<Delivery>,
  host: Partial<IHost> = {}
): ReturnType<typeof show> & { delivery: Delivery } {
  const delivery = aDelivery(part);
  const shown = show(
    <DeliverPage
      changes={IDLE}
      project={PROJECT.id}
      environment="production"
      preview={ready(aPreview())}
      status={ready(aStatus())}
      delivery={ready(delivery)}
      acts={new Map()}
      close={vi.fn()}
    />,
    host
  );
  return { ...shown, delivery };
}

function names(): (string | null)[] {
  return screen.getAllByRole('button').map(one => one.textContent);
}

function status(): string {
  return screen.getByRole('status').textContent ?? '';
}

const INTERRUPTED = { acts: ['go-on', 'cancel'], nonce: 'once' } as const;

test('one that is being sent offers nothing but to close the page', () => {
  showDelivery({ at_work: true });
  expect(status()).toBe('Under way. It goes on without this page.');
  expect(names().slice(1)).toEqual(['Close']);
});

test('one that stopped before it was sent can be sent or given up', () => {
  const { verbs, delivery } = showDelivery({ ...INTERRUPTED, acts: [...INTERRUPTED.acts] });
  expect(status()).toContain('stopped before anything was sent');
  fireEvent.click(screen.getByRole('button', { name: 'Send it now' }));
  expect(verbs.follow).toHaveBeenCalledWith(PROJECT.id, delivery, 'go-on');
  fireEvent.click(screen.getByRole('button', { name: 'Give it up' }));
  expect(verbs.follow).toHaveBeenCalledWith(PROJECT.id, delivery, 'cancel');
});

test('a click of a script sends nothing and gives nothing up', () => {
  const { verbs } = showDelivery(
    { ...INTERRUPTED, acts: [...INTERRUPTED.acts] },
    { isByPerson: event => event.isTrusted }
  );
  fireEvent.click(screen.getByRole('button', { name: 'Send it now' }));
  fireEvent.click(screen.getByRole('button', { name: 'Give it up' }));
  expect(verbs.follow).not.toHaveBeenCalled();
});

test('one of unknown outcome is looked at again and not sent again', () => {
  const { verbs } = showDelivery({ state: 'unknown', acts: ['look-again'], reason: 'timed out' });
  expect(status()).toContain('Nothing is sent again before that is known. timed out');
  fireEvent.click(screen.getByRole('button', { name: 'Look again' }));
  expect(verbs.lookAgain).toHaveBeenCalledWith(PROJECT.id, 'key-1');
  expect(names()).not.toContain('Close it as failed');
});

test('one that the target does not know is closed by whoever says how she knows', () => {
  const { verbs, delivery } = showDelivery({ state: 'unknown', acts: ['look-again', 'close'] });
  const close = screen.getByRole<HTMLButtonElement>('button', { name: 'Close it as failed' });
  fireEvent.change(screen.getByLabelText('How you know'), { target: { value: 'I looked' } });
  expect(close.disabled).toBe(true);
  fireEvent.change(screen.getByLabelText('Type the version'), { target: { value: '0.2.0' } });
  fireEvent.click(close);
  expect(verbs.follow).toHaveBeenCalledWith(PROJECT.id, delivery, 'close', 'I looked');
});

test('what was refused or cancelled says that nothing was changed', () => {
  showDelivery({ state: 'refused', reason: 'protected', acts: ['retry'] });
  expect(status()).toBe('production refused it; nothing was changed there. protected');
});

const AT = { at: '2026-11-28T10:00:00Z', by: 'Mara <mara@example.org>', reason: '' };

test('what the CD system says stands there in its own words, with its log', () => {
  const { verbs, delivery } = showDelivery({
    state: 'dispatched',
    acts: ['look-again', 'stop'],
    nonce: 'once',
    ticket: { state: 'waiting', 'waits-for': 'Ken', url: 'https://ci.example.org/runs/7' }
  });
  expect(document.body.textContent).toContain('There waiting waits for Ken');
  const log = screen.getByRole<HTMLAnchorElement>('link', { name: 'Open its log' });
  expect([log.href, log.rel]).toEqual(['https://ci.example.org/runs/7', 'noopener noreferrer']);
  fireEvent.click(screen.getByRole('button', { name: 'Stop it there' }));
  expect(verbs.follow).toHaveBeenCalledWith(PROJECT.id, delivery, 'cancel');
});

test('a link of a CD system that is no web address is none', () => {
  showDelivery({ state: 'dispatched', ticket: { state: 'runs', url: 'javascript:alert(1)' } });
  expect(screen.queryByRole('link', { name: 'Open its log' })).toBeNull();
});

test('one that may have been sent before a crash is not said to be under way', () => {
  showDelivery({ state: 'sending', acts: ['look-again', 'close'] });
  expect(status()).toContain('It is not sent again by itself.');
});

test('what was stopped on its way does not say that nothing was changed', () => {
  showDelivery({
    state: 'cancelled',
    moments: [
      { ...AT, state: 'dispatched' },
      { ...AT, state: 'cancelled' }
    ]
  });
  expect(status()).toContain('Look there what it had done.');
});

test('what is live can be rolled back', () => {
  const host = showDelivery({ state: 'delivered', acts: ['roll-back'] });
  fireEvent.click(screen.getByRole('button', { name: 'Roll back…' }));
  expect(host.open).toHaveBeenCalledWith({
    kind: 'roll-back',
    project: PROJECT.id,
    environment: 'production'
  });
});

test('a roll back is told as one, with why', () => {
  showDelivery({ state: 'delivered', back_from: '0.3.0', why: 'wrong sevens', issues: ['#7'] });
  expect(screen.getByRole('heading').textContent).toBe('digits is back at 0.2.0 in production');
  expect(document.body.textContent).toContain('Why wrong sevens #7');
});

test('which work items were told is said, with a link that is safe', () => {
  showDelivery({
    state: 'delivered',
    told: [
      { where: '#7', url: 'https://hub.example/7', problem: '' },
      { where: '#8', url: 'javascript:alert(1)', problem: '' },
      { where: '#9', url: '', problem: 'nobody answers' }
    ]
  });
  const text = document.body.textContent;
  expect(text).toContain('Work item #7 was told that it is live.');
  expect(text).toContain('Work item #9 could not be told: nobody answers');
  expect(screen.getAllByRole('link', { name: 'Open it' })).toHaveLength(1);
});

test('a roll back that failed is tried again as a roll back', () => {
  const host = showDelivery({ state: 'failed', back_from: '0.3.0', acts: ['retry'] });
  fireEvent.click(screen.getByRole('button', { name: 'Look and try again…' }));
  expect(host.open).toHaveBeenCalledWith({
    kind: 'roll-back',
    project: PROJECT.id,
    environment: 'production',
    version: '0.2.0'
  });
});
