import { fireEvent, screen, waitFor } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import { Refusal } from '../../src/api/problem';
import { Rehearsal } from '../../src/views/rehearsal';
import { show } from '../place';
import { PROJECT } from '../samples';

function rehearsed(rehearse: ReturnType<typeof vi.fn>, isByPerson = true): void {
  show(<Rehearsal project={PROJECT.id} environment="production" />, {
    rehearse,
    isByPerson: () => isByPerson
  });
  fireEvent.click(screen.getByRole('button', { name: 'Rehearse' }));
}

test('what the system says stands there, in its own words', async () => {
  const rehearse = vi.fn().mockResolvedValue(['Runs **deliver** at `v0.2.0`.']);
  rehearsed(rehearse);
  await waitFor(() =>
    expect(screen.getByRole('status').textContent).toBe('Runs deliver at v0.2.0.')
  );
  expect(rehearse).toHaveBeenCalledExactlyOnceWith(PROJECT.id, 'production');
});

test('where it says nothing that is said', async () => {
  rehearsed(vi.fn().mockResolvedValue([]));
  await screen.findByText('It says nothing more than this page.');
});

test('where it cannot be asked, why', async () => {
  const problem = { code: 'hub-refused', message: 'it wants another key', hint: '' };
  rehearsed(vi.fn().mockRejectedValue(new Refusal(problem)));
  await screen.findByText('it wants another key');
});

test('a script asks nothing', () => {
  const rehearse = vi.fn();
  rehearsed(rehearse, false);
  expect(rehearse).not.toHaveBeenCalled();
});
