import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import * as React from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Refusal } from '../../src/api/problem';
import type { CiPreview, CiRun, Reason } from '../../src/api/types';
import { Reasons } from '../../src/views/way_out';
import { show } from '../place';
import { PROJECT, aStatus } from '../samples';

const RUN: CiRun = {
  commit: 'c'.repeat(40),
  branch: 'main',
  system: 'GitHub',
  state: 'none',
  reason: '',
  url: '',
  pushed: '',
  sent: '',
  since: '',
  evidence: false
};
const SHOWN: CiPreview = {
  commit: RUN.commit,
  branch: 'main',
  system: 'GitHub',
  steps: ['Pushes 1 commit to **main** of **origin**, never forced.'],
  commands: ['git push origin ccc:refs/heads/main'],
  commits: ['ccccccc Write a model'],
  remarks: [],
  run: RUN,
  digest: 'd',
  nonce: 'once'
};

function aReason(part: Partial<Reason> = {}): Reason {
  return {
    code: 'not-built-by',
    text: 'tests run by CI: start the CI run of this commit',
    way_out: 'start-ci',
    subject: RUN.commit,
    busy: false,
    url: '',
    ...part
  };
}

function shown(reason: Reason, ci: object, isByPerson = true): void {
  show(<Reasons status={aStatus()} reasons={[reason]} acts={new Map()} />, {
    ci: { preview: vi.fn(), start: vi.fn(), look: vi.fn(), ...ci },
    isByPerson: () => isByPerson
  });
}

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

test('what is pushed stands there before anybody agrees, and one click does it', async () => {
  const start = vi.fn().mockResolvedValue({ ...RUN, state: 'expected' });
  const preview = vi.fn().mockResolvedValue(SHOWN);
  shown(aReason(), { preview, start });
  expect(preview).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Start CI…' }));
  await screen.findByText('ccccccc Write a model');
  expect(start).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Push and start' }));
  await waitFor(() => expect(screen.queryByText('ccccccc Write a model')).toBeNull());
  expect(start).toHaveBeenCalledExactlyOnceWith(PROJECT.id, SHOWN);
});

test('where nothing is pushed, the button does not say so', async () => {
  shown(aReason(), { preview: vi.fn().mockResolvedValue({ ...SHOWN, commits: [] }) });
  fireEvent.click(screen.getByRole('button', { name: 'Start CI…' }));
  await screen.findByRole('button', { name: 'Start' });
});

test('a script starts nothing', async () => {
  const start = vi.fn();
  shown(aReason(), { preview: vi.fn().mockResolvedValue(SHOWN), start }, false);
  fireEvent.click(screen.getByRole('button', { name: 'Start CI…' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Push and start' }));
  expect(start).not.toHaveBeenCalled();
});

test('what was refused says why, and is not offered again unseen', async () => {
  const problem = { code: 'behind', message: 'origin/main has commits that are not here' };
  const start = vi.fn().mockRejectedValue(new Refusal(problem));
  shown(aReason(), { preview: vi.fn().mockResolvedValue(SHOWN), start });
  fireEvent.click(screen.getByRole('button', { name: 'Start CI…' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Push and start' }));
  await screen.findByText(problem.message);
  expect(screen.queryByRole('button', { name: 'Push and start' })).toBeNull();
});

test('a run that goes on is looked at by itself, with a link to its page', async () => {
  const look = vi.fn().mockResolvedValue({ ...RUN, state: 'running' });
  const url = 'https://github.example/us/digits/actions/runs/70';
  shown(aReason({ way_out: 'see-ci', busy: true, url }), { look });
  expect(screen.getByRole('link', { name: 'Open its page' }).getAttribute('href')).toBe(url);
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(look).toHaveBeenCalledTimes(1);
});

test('a run that has ended is looked at when somebody asks', async () => {
  const look = vi.fn().mockResolvedValue({ ...RUN, state: 'failed' });
  shown(aReason({ way_out: 'see-ci' }), { look });
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(look).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Look again' }));
  expect(look).toHaveBeenCalledTimes(1);
});

test('a notebook shows the page of a run and asks for nothing', async () => {
  const url = 'https://github.example/runs/70';
  show(
    <Reasons
      status={aStatus()}
      reasons={[aReason({ way_out: 'see-ci', busy: true, url })]}
      acts={new Map()}
    />,
    { ci: null }
  );
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(screen.getByRole('link', { name: 'Open its page' })).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

test('an address that could do harm is no link', () => {
  shown(aReason({ way_out: 'see-ci', busy: true, url: 'javascript:alert(1)' }), {});
  expect(screen.queryByRole('link')).toBeNull();
});
