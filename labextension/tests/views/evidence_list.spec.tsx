import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { EvidenceStatus, Verification } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import { EvidenceList } from '../../src/views/evidence_list';
import { show } from '../place';
import { PROJECT, evidenceLine } from '../samples';

function showList(
  lines: readonly EvidenceStatus[],
  verified: (run: string) => Verification | null = () => null
): void {
  show(
    <EvidenceList project={PROJECT.id} name="digits" evidence={ready(lines)} verified={verified} />
  );
}

/** Read without roles: those of a hundred rows take seconds to find. */
function lines(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('table[aria-label="Evidence"] tbody tr')];
}

function rows(): (string | null)[] {
  return lines().map(row => row.textContent);
}

function look(words: string): void {
  fireEvent.change(screen.getByLabelText('Filter evidence'), {
    target: { value: words }
  });
}

/** Milliseconds to draw hundreds of rows without a browser, on a machine that does much else. */
const DRAWING = 60_000;

test(
  'of thousands of lines a hundred are in the page, and their places are told',
  () => {
    showList(Array.from({ length: 1250 }, (_, index) => evidenceLine({ id: String(index) })));
    expect(rows()).toHaveLength(100);
    expect(screen.getByLabelText('Evidence').getAttribute('aria-rowcount')).toBe('1251');
    fireEvent.click(screen.getByText('Older'));
    expect(rows()).toHaveLength(100);
    expect(screen.getByText('101-200 of 1250')).toBeDefined();
    const [first] = lines();
    expect(first?.getAttribute('aria-rowindex')).toBe('102');
    expect(first?.getAttribute('data-evidence')).toBe('100');
  },
  DRAWING
);

test('every word of the filter has to stand somewhere in a line', () => {
  showList([
    evidenceLine({ id: '1', suite: 'quality', versions: ['0.2.0'] }),
    evidenceLine({ id: '2', suite: 'quality', verdict: 'failed' }),
    evidenceLine({ id: '3', suite: 'slow', versions: ['0.2.0'] })
  ]);
  look('0.2.0 QUAL');
  expect(rows()).toHaveLength(1);
  expect(screen.getByRole('status').textContent).toBe('1 of 3');
  look('failed');
  expect(rows()[0]).toContain('quality');
  look('nothing like it');
  expect(screen.getByText('None of it is what you look for.')).toBeDefined();
});

test(
  'looking for something begins at the newest again',
  () => {
    showList(Array.from({ length: 250 }, (_, index) => evidenceLine({ id: String(index) })));
    fireEvent.click(screen.getByText('Older'));
    look('quality');
    expect(screen.getByText('1-100 of 250')).toBeDefined();
  },
  DRAWING
);

test('a line says what became of it: older, from CI, altered', () => {
  showList(
    [
      evidenceLine({ id: '1', builder: 'github' }),
      evidenceLine({ id: '2', match: 'older', changed: ['train.ipynb'] })
    ],
    run => (run === '2' ? { subject: run, ok: false, checks: [] } : null)
  );
  const [first, second] = rows();
  expect(first).toContain('matches your filesfrom CI');
  expect(second).toContain('older: train.ipynb changedaltered');
});
