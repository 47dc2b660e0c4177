import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { beforeEach, expect, test, vi } from 'vitest';

import { BeforeAfter } from '../../src/views/before_after';
import { show } from '../place';

beforeEach(() => {
  // A page of jsdom has no addresses for what is in memory.
  URL.createObjectURL = () => 'blob:shown';
  URL.revokeObjectURL = () => undefined;
});

const SIDES = { before: 'live, 0.1.3', after: 'this run' };
const NOW = { run: 'run-1', case: 2, cell: 5, output: 0 };
const THEN = { run: 'run-0', case: 1, cell: 4, output: 0 };

function showFigure(
  before: typeof THEN | null,
  part: { blob?: Blob; isSame?: boolean } = {}
): ReturnType<typeof vi.fn> {
  const picture = vi.fn().mockResolvedValue(part.blob ?? new Blob(['png'], { type: 'image/png' }));
  const { isSame = false } = part;
  show(
    <BeforeAfter
      project="p"
      name="errors"
      before={before}
      after={NOW}
      sides={SIDES}
      isSame={isSame}
    />,
    { picture }
  );
  return picture;
}

test('both pictures are fetched from their own runs and named', async () => {
  const picture = showFigure(THEN);
  expect(await screen.findByRole('img', { name: 'errors, live, 0.1.3' })).toBeDefined();
  expect(screen.getByRole('img', { name: 'errors, this run' })).toBeDefined();
  expect(picture).toHaveBeenCalledWith('p', 'run-0', 'outputs/1/4/0/picture');
  expect(picture).toHaveBeenCalledWith('p', 'run-1', 'outputs/2/5/0/picture');
});

test('a slider moves the border between them, and says where it is', async () => {
  showFigure(THEN);
  const slider = await screen.findByRole('slider', { name: /errors/ });
  expect(slider.getAttribute('aria-valuetext')).toBe('50 % before, 50 % after');
  fireEvent.change(slider, { target: { value: '80' } });
  expect(slider.getAttribute('aria-valuetext')).toBe('80 % before, 20 % after');
  const over = document.querySelector<HTMLElement>('.jp-Mlcd-over');
  expect(over?.style.getPropertyValue('--jp-mlcd-share')).toBe('80%');
});

test('a figure without a before stands alone', async () => {
  showFigure(null);
  expect(await screen.findByRole('img', { name: 'errors, this run' })).toBeDefined();
  expect(screen.getByText('only in this run')).toBeDefined();
  expect(screen.queryByRole('slider')).toBeNull();
});

test('the same picture on both sides is shown once', async () => {
  const picture = showFigure(THEN, { isSame: true });
  expect(await screen.findByText('the same on both sides')).toBeDefined();
  expect(picture).toHaveBeenCalledOnce();
});
