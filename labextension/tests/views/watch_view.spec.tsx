import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { EnvironmentStatus, Watch } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import { WatchView } from '../../src/views/watch_view';
import { place, show } from '../place';
import { PROJECT, aStatus } from '../samples';

const WATCH: Watch = {
  watching: null,
  branch: 'main',
  automatic: ['production'],
  checked: ['production'],
  nonce: 'n'
};
const HOLD = {
  why: 'the labels are wrong',
  by: 'Ken <ken@example.org>',
  at: '2026-11-30T10:00:00Z',
  key: ''
};

function showWatch(
  watch: Partial<Watch> = {},
  environment: Partial<EnvironmentStatus> = {},
  part: Parameters<typeof show>[1] = {}
): ReturnType<typeof show> {
  const status = aStatus();
  const environments = status.environments.map(one =>
    one.name === 'production' ? { ...one, automatic: true, verify: 'live', ...environment } : one
  );
  return show(
    <WatchView
      project={PROJECT.id}
      watch={ready({ ...WATCH, ...watch })}
      status={ready({ ...status, environments })}
      acts={new Map()}
    />,
    part
  );
}

function press(name: string | RegExp): void {
  fireEvent.click(screen.getByRole('button', { name }));
}

test('before somebody watches it is said that nobody will be asked', async () => {
  const host = showWatch();
  press('Watch from this machine…');
  const sheet = screen.getByRole('dialog', { name: 'Watch from this machine' });
  expect(sheet.textContent).toContain('new commits of main every few seconds');
  expect(sheet.textContent).toContain('Delivers to production each version');
  expect(sheet.textContent).toContain('rolls it back where that is red');
  press('Watch');
  await waitFor(() => expect(host.watching.start).toHaveBeenCalledWith(PROJECT.id, 'n'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('who watches is said, and can be ended', async () => {
  const watching = {
    by: 'Mara <m@example.org>',
    since: HOLD.at,
    pid: 1,
    branch: 'refs/heads/main'
  };
  const host = showWatch({ watching });
  expect(screen.getByRole('status').textContent).toContain('by Mara since');
  expect(screen.getByRole('status').textContent).toContain('commits of main are tested');
  press('Stop watching…');
  press('Stop watching');
  await waitFor(() => expect(host.watching.stop).toHaveBeenCalledWith(PROJECT.id, 'n'));
});

test('an environment is held with a reason', async () => {
  const host = showWatch();
  press('Hold production…');
  const confirm = screen.getByRole<HTMLButtonElement>('button', { name: 'Hold production' });
  expect(confirm.disabled).toBe(true);
  fireEvent.change(screen.getByRole('textbox', { name: 'Why' }), { target: { value: ' wrong ' } });
  fireEvent.click(confirm);
  await waitFor(() =>
    expect(host.watching.hold).toHaveBeenCalledWith(PROJECT.id, 'production', 'wrong', 'n')
  );
});

test('who holds it and why stands there, and it is lifted', async () => {
  const host = showWatch({}, { held: HOLD });
  const production = screen.getByText(/held by Ken since .*: the labels are wrong/);
  expect(production).toBeDefined();
  press('Lift the hold of production…');
  press('Lift');
  await waitFor(() =>
    expect(host.watching.lift).toHaveBeenCalledWith(PROJECT.id, 'production', '', 'n')
  );
});

test('a red check says what it led to', () => {
  const live = aStatus().environments.find(one => one.name === 'production')?.live;
  showWatch(
    {},
    {
      check: {
        environment: 'production',
        version: live?.version ?? '',
        key: 'k',
        suite: 'live',
        run: 'r',
        begun: HOLD.at,
        by: HOLD.by,
        state: 'red',
        reason: '1 case did not pass',
        ended: HOLD.at,
        led_to: 'held',
        attempt: 1
      }
    }
  );
  const words = `${live?.version ?? ''} checked by live: 1 case did not pass; held`;
  expect(screen.getByText(words)).toBeDefined();
});

test('a script confirms nothing', () => {
  const host = showWatch({}, {}, { isByPerson: () => false });
  press('Watch from this machine…');
  press('Watch');
  expect(host.watching.start).not.toHaveBeenCalled();
});

test('where nothing goes by itself, mlcd.toml is a click away', () => {
  const openFile = vi.fn();
  showWatch({ automatic: [], checked: [] }, {}, { ...place(), openFile });
  press('Open mlcd.toml');
  expect(openFile).toHaveBeenCalledWith(PROJECT, 'mlcd.toml');
  expect(within(document.body).queryByText(/Nobody watches/)).toBeNull();
});
