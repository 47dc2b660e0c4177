import { screen, waitFor } from '@testing-library/react';
import * as React from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Picture } from '../../src/views/picture';
import { show } from '../place';

const revoked = vi.fn();

beforeEach(() => {
  // A page of jsdom has no addresses for what is in memory.
  URL.createObjectURL = () => 'blob:shown';
  URL.revokeObjectURL = revoked;
});

afterEach(() => revoked.mockClear());

function showPicture(picture: (project: string, run: string, path: string) => Promise<Blob>): void {
  show(<Picture project="p" run="r" path="differences/a.png" name="Where it differs" />, {
    picture
  });
}

test('a picture is asked for by its path in the bundle, and named', async () => {
  const picture = vi.fn().mockResolvedValue(new Blob(['png']));
  showPicture(picture);
  const image = await screen.findByRole<HTMLImageElement>('img', { name: 'Where it differs' });
  expect(image.src).toBe('blob:shown');
  expect(picture).toHaveBeenCalledExactlyOnceWith('p', 'r', 'differences/a.png');
});

test('where there is none it says so', async () => {
  showPicture(() => Promise.reject(new Error('no such file')));
  expect(await screen.findByText('The picture of the difference cannot be shown.')).toBeDefined();
});

test('what is no picture is not shown as a broken one', async () => {
  showPicture(() => Promise.resolve(new Blob(['<html>'])));
  const image = await screen.findByRole('img', { name: 'Where it differs' });
  image.dispatchEvent(new Event('error'));
  expect(await screen.findByText('The picture of the difference cannot be shown.')).toBeDefined();
});

test('its memory is given back when it is gone', async () => {
  showPicture(() => Promise.resolve(new Blob(['png'])));
  await screen.findByRole('img', { name: 'Where it differs' });
  const { cleanup } = await import('@testing-library/react');
  cleanup();
  await waitFor(() => {
    expect(revoked).toHaveBeenCalledWith('blob:shown');
  });
});
