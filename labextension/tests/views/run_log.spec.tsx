import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { RunLog } from '../../src/api/types';
import { type Remote, IDLE, failed, ready } from '../../src/store/remote';
import { LogFold } from '../../src/views/run_log';
import { show } from '../place';

const LOG: RunLog = { run: 'run-1', text: '[2] epoch 1\n[2] epoch 2\n', size: 24, cut: false };

function showLog(
  remote: Remote<RunLog>,
  { isOpen = true, isLive = true, turn = vi.fn() } = {}
): ReturnType<typeof show> {
  return show(<LogFold log={{ remote, isOpen, turn }} isLive={isLive} />);
}

function text(): HTMLElement {
  return screen.getByLabelText('What it printed');
}

/** Where a reader stands in a text of 1000 pixels of which 300 are seen. */
function scrollTo(top: number): void {
  Object.defineProperties(text(), {
    scrollHeight: { value: 1000, configurable: true },
    clientHeight: { value: 300, configurable: true },
    scrollTop: { value: top, writable: true, configurable: true }
  });
  fireEvent.scroll(text());
}

function follows(): string | null {
  return screen.getByRole('button', { name: 'Follow the end' }).getAttribute('aria-pressed');
}

test('what the run printed is there, and is copied whole', () => {
  const host = showLog(ready(LOG));
  expect(text().textContent).toBe(LOG.text);
  fireEvent.click(screen.getByRole('button', { name: 'Copy what it printed' }));
  expect(host.copy).toHaveBeenCalledWith(LOG.text);
});

test('it can be read with the keyboard, and is not read aloud by itself', () => {
  showLog(ready(LOG));
  expect(text().tabIndex).toBe(0);
  expect(text().closest('[aria-live], [role="log"], [role="status"]')).toBeNull();
});

test('who scrolls up is not torn away, and who comes back follows again', () => {
  showLog(ready(LOG));
  expect(follows()).toBe('true');
  scrollTo(100);
  expect(follows()).toBe('false');
  scrollTo(690);
  expect(follows()).toBe('true');
});

test('the button leads back to the end', () => {
  showLog(ready(LOG));
  scrollTo(100);
  fireEvent.click(screen.getByRole('button', { name: 'Follow the end' }));
  expect(text().scrollTop).toBe(1000);
});

test('a log that is over has nothing to follow', () => {
  showLog(ready(LOG), { isLive: false });
  expect(screen.queryByRole('button', { name: 'Follow the end' })).toBeNull();
});

test('of a long log it says how long it is', () => {
  showLog(ready({ ...LOG, size: 1_240_000, cut: true }));
  expect(screen.getByText('the end of 1.2 MB; the rest is in the notebooks')).toBeDefined();
});

test('markup that a notebook prints stays text', () => {
  showLog(ready({ ...LOG, text: '<img src=x onerror=alert(1)>' }));
  expect(document.querySelector('img')).toBeNull();
  expect(text().textContent).toContain('<img');
});

test('a run that printed nothing says so', () => {
  showLog(ready({ ...LOG, text: '', size: 0 }), { isLive: false });
  expect(screen.getByText('Nothing was printed.')).toBeDefined();
});

test('without a log on this machine it says why', () => {
  const problem = { code: 'not-found', message: 'there is no log here', hint: 'It stays there.' };
  showLog(failed(problem, IDLE));
  expect(screen.getByText('there is no log here. It stays there.')).toBeDefined();
});

test('folded, it shows nothing and asks to be opened', () => {
  const turn = vi.fn();
  showLog(ready(LOG), { isOpen: false, turn });
  expect(screen.queryByLabelText('What it printed')).toBeNull();
  const fold = screen.getByText('What it prints').closest('details');
  if (fold) {
    fold.open = true;
    fireEvent(fold, new Event('toggle'));
  }
  expect(turn).toHaveBeenCalledWith(true);
});
