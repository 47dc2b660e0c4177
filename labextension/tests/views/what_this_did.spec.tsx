import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import { Refusal } from '../../src/api/problem';
import { WhatThisDid } from '../../src/views/what_this_did';
import { show } from '../place';

const RUN = { what: 'runs', id: 'run-1' } as const;

/** Open the fold; jsdom does not tell by itself that it was. */
function unfold(): void {
  const fold = document.querySelector('details');
  fold?.setAttribute('open', '');
  if (fold) {
    fireEvent(fold, new Event('toggle'));
  }
}

test('nothing is asked before it is opened', () => {
  const host = show(<WhatThisDid project="p" done={RUN} />);
  expect(host.inCommands).not.toHaveBeenCalled();
});

test('opened, it shows the commands, and they can be copied', async () => {
  const inCommands = vi.fn().mockResolvedValue(['git archive a', 'papermill b']);
  const host = show(<WhatThisDid project="p" done={RUN} />, { inCommands });
  unfold();
  expect(await screen.findByText(/git archive a/)).toBeDefined();
  expect(inCommands).toHaveBeenCalledExactlyOnceWith('p', RUN);
  fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
  expect(host.copy).toHaveBeenCalledWith('git archive a\npapermill b');
});

test('what cannot be told says why and can be asked again', async () => {
  const gone = new Refusal({ code: 'no-run', message: 'There is no run here.' });
  const inCommands = vi.fn().mockRejectedValueOnce(gone).mockResolvedValue(['true']);
  show(<WhatThisDid project="p" done={RUN} />, { inCommands });
  unfold();
  expect((await screen.findByRole('alert')).textContent).toContain('There is no run here.');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('true')).toBeDefined();
});
