import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { LiveScoring, Status } from '../../src/api/types';
import { ScoringOffer } from '../../src/views/scoring';
import { show } from '../place';
import { PROJECT, aRun, aScoring, aStatus } from '../samples';

function offer(part: Partial<LiveScoring>, status: Status | null = null): ReturnType<typeof show> {
  return show(
    <ScoringOffer
      project={PROJECT.id}
      scoring={aScoring(part)}
      version=""
      status={status}
      acts={new Map()}
    />
  );
}

test('one button scores what is live, beside what that does and how long it takes', () => {
  const host = offer({});
  expect(screen.getByText(/Runs evaluate.ipynb on these files .* Takes about 12 s\./)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Score 0.1.0 on today’s data' }));
  expect(host.verbs.scoreLive).toHaveBeenCalledWith(PROJECT.id, 'production', '');
});

test('while it goes on it says how far it is, and the run can be opened', () => {
  const run = aRun({ id: 'r7', state: 'running' });
  const host = offer({ state: 'going', run: 'r7' }, aStatus({ runs: [run] }));
  expect(screen.getByRole('progressbar', { name: 'Progress of scoring 0.1.0' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /on today’s data/ })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'See the run that scores 0.1.0' }));
  expect(host.open).toHaveBeenCalledWith({ kind: 'run', project: PROJECT.id, run: 'r7' });
});

test('what failed says its error, and a person may try again', () => {
  const host = offer({ state: 'failed', run: 'r7', words: "KeyError: 'wrong'" });
  expect(screen.getByText(/KeyError: 'wrong'\./)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(host.verbs.scoreLive).toHaveBeenCalledTimes(1);
});

test('what cannot be done says why and what to do, without a button', () => {
  offer({
    state: 'impossible',
    words: 'train.ipynb makes model.joblib and scores it too',
    hint: 'Move the scoring into a notebook of its own that reads model.joblib.'
  });
  expect(screen.getByText(/Move the scoring into a notebook of its own/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
