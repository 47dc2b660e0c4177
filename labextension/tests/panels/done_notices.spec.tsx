import { Notification } from '@jupyterlab/apputils';
import { configure, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import type { Accepted, Kept } from '../../src/api/types';
import { tellDone } from '../../src/panels/done_notices';
import type { Told } from '../../src/store/verbs';
import { place } from '../place';
import { DONE } from '../samples_set_up';

// JupyterLab's dialogs lack the attribute `open`, without which jsdom counts them as hidden.
configure({ defaultHidden: true });

afterEach(() => {
  screen.queryByRole('button', { name: 'Close' })?.click();
  Notification.dismiss();
});

const SET_UP: Told = { verb: 'set-up', project: 'p', done: DONE };
const KEPT = {
  verb: 'keep',
  project: 'p',
  done: {
    id: 'run-1',
    suite: 'quality',
    redacted: [],
    allowed: [],
    personal: []
  } as unknown as Kept
} as const satisfies Told;

/** Press "What this did" on the newest notice. */
function press(): void {
  const [notice] = Notification.manager.notifications.slice(-1);
  const [action] = notice?.options.actions ?? [];
  action?.callback(new MouseEvent('click'));
}

test('what was done is said in a line', () => {
  tellDone(SET_UP, place());
  const [notice] = Notification.manager.notifications.slice(-1);
  expect(notice?.message).toBe('Committed 8d01b7a: Say what is tested and where versions go');
});

test('its commands are one click away', async () => {
  tellDone(SET_UP, place());
  press();
  expect(await screen.findByText(/git add --all -- mlcd.toml/)).toBeDefined();
});

test('a keep that took something out says so', () => {
  const redacted = [
    { file: 'notebooks/000-train.ipynb', cell: 2, output: 0, rule: 'github-token', count: 2 }
  ];
  tellDone({ ...KEPT, done: { ...KEPT.done, redacted } as Kept }, place());
  const [notice] = Notification.manager.notifications.slice(-1);
  expect(notice?.message).toBe(
    'Kept the run of quality on mlcd/evidence; 2 secrets were taken out'
  );
});

test('what was accepted is told by its own dialog and not twice', () => {
  tellDone({ verb: 'accept', project: 'p', done: { commit: 'c' } as Accepted }, place());
  expect(Notification.manager.notifications).toEqual([]);
});

test('those of a keep are asked for then', async () => {
  const inCommands = vi.fn().mockResolvedValue(['git worktree add']);
  tellDone(KEPT, place({ inCommands }));
  expect(inCommands).not.toHaveBeenCalled();
  press();
  expect(await screen.findByText('git worktree add')).toBeDefined();
  expect(inCommands).toHaveBeenCalledWith('p', { what: 'evidence', id: 'run-1' });
});
