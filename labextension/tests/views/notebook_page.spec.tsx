import { screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import { ready } from '../../src/store/remote';
import { NotebookPage } from '../../src/views/notebook_page';
import { show } from '../place';

function frame(page: string): HTMLIFrameElement {
  show(<NotebookPage title="train" page={ready(page)} />);
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
