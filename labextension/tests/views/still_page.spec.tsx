import { screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import { ready } from '../../src/store/remote';
import { StillPage } from '../../src/views/still_page';
import { show } from '../place';

function frame(page: string, cell: number | null = null): HTMLIFrameElement {
  show(<StillPage label="Executed notebook train" page={ready(page)} cell={cell} />);
  return screen.getByTitle<HTMLIFrameElement>('Executed notebook train');
}

test('an executed notebook may do nothing at all', () => {
  expect(frame('<html></html>').getAttribute('sandbox')).toBe('');
});

test('it reaches nothing outside, whatever its own head says', () => {
  const page = frame('<html><head lang="en"><title>t</title></head></html>');
  expect(page.getAttribute('srcdoc')).toContain(
    '<head lang="en"><meta http-equiv="Content-Security-Policy" content="default-src \'none\''
  );
});

test('a page without a head is guarded too', () => {
  expect(frame('<b>hi</b>').getAttribute('srcdoc')).toMatch(/^<meta http-equiv/);
});

test('it begins at the cell that was asked for, by style alone', () => {
  const page = frame('<html><head></head><body><main></main></body></html>', 8);
  expect(page.getAttribute('sandbox')).toBe('');
  expect(page.getAttribute('srcdoc')).toContain('main>:nth-child(9){scroll-initial-target');
});

test('where no cell was asked for none is framed', () => {
  expect(frame('<html><head></head></html>').getAttribute('srcdoc')).not.toContain('nth-child');
});
