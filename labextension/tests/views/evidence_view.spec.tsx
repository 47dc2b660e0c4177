import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { ShownEvidence, Verification } from '../../src/api/types';
import { IDLE, type Remote, ready } from '../../src/store/remote';
import { EvidenceList } from '../../src/views/evidence_list';
import { EvidenceView, type IEvidenceViewProps } from '../../src/views/evidence_view';
import { show } from '../place';
import { PROJECT, aManifest, aStatus, evidenceLine } from '../samples';
import { aReading } from '../samples_changes';
import { someChanges } from '../samples_releases';

function showEvidence(
  verification: Remote<Verification> = IDLE,
  manifest: Partial<ShownEvidence> = {},
  part: Partial<IEvidenceViewProps> = {}
): ReturnType<typeof show> {
  return show(
    <EvidenceView
      project={PROJECT.id}
      run="run-1"
      manifest={ready(aManifest(manifest))}
      verification={verification}
      status={ready(aStatus())}
      evidence={ready([evidenceLine({ versions: ['0.2.0'] })])}
      {...part}
    />
  );
}

test('what a version changes stands on the page of its evidence', () => {
  const release = ready(someChanges());
  showEvidence(IDLE, {}, { reading: aReading({ release }) });
  const changes = screen.getByRole('region', { name: 'What changes' });
  expect(changes.textContent).toContain('against 0.1.0, live in production');
});

test('evidence without a version says nothing of it', () => {
  showEvidence(IDLE, {}, { reading: aReading() });
  expect(screen.queryByRole('region', { name: 'What changes' })).toBeNull();
});

test('scores stand against what is live', () => {
  showEvidence();
  const table = screen.getByRole('table', { name: 'Scores' });
  expect(table.textContent).toContain('mean accuracy0.967+0.006train.ipynb');
});

test('a second attempt at the same files says so', () => {
  showEvidence();
  expect(screen.getByText('attempt 2 at these files')).toBeDefined();
});

test('what a release delivers is named with its size', () => {
  showEvidence();
  expect(screen.getByText(/55.7 kB/)).toBeDefined();
});

test('nothing is verified before it is asked for', () => {
  const host = showEvidence();
  expect(screen.queryByRole('region', { name: 'Verification' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Verify' }));
  expect(host.verify).toHaveBeenCalledWith(PROJECT.id, 'run-1');
});

test('a verification shows its numbered steps, the wrong one too', () => {
  const checks = [
    {
      number: 1,
      name: 'the bundle is complete',
      ok: true,
      words: '9 files',
      hint: '',
      proves: true
    },
    {
      number: 2,
      name: 'no file was changed',
      ok: false,
      words: 'manifest.json',
      hint: 'Ask.',
      proves: true
    }
  ];
  showEvidence(ready({ subject: 'run-1', ok: false, checks }));
  expect(screen.getByRole('status').textContent).toContain('Not verified');
  expect(screen.getByRole('img', { name: 'wrong' })).toBeDefined();
  expect(screen.getByText('no file was changed')).toBeDefined();
});

test('an empty list says how evidence comes about', () => {
  show(<EvidenceList project={PROJECT.id} name="digits" evidence={ready([])} />);
  expect(screen.getByText(/keep the run/)).toBeDefined();
});

test('scores of slices stand below the score of all', () => {
  const { scores } = aManifest();
  const young = { notebook: 'train.ipynb', values: { one: 0.971 }, basis: 'x' };
  showEvidence(IDLE, { scores: { 'accuracy[segment="young"]': young, ...scores } });
  const rows = within(screen.getByRole('table', { name: 'Scores' })).getAllByRole('row');
  expect(rows.slice(1).map(row => row.querySelector('td')?.textContent)).toEqual([
    'mean accuracy',
    'segment young'
  ]);
});

test('the software of every kernel is told', () => {
  const r = {
    kernel: 'ir',
    language: 'R',
    version: '4.5.1',
    platform: 'Linux',
    packages: { ggplot2: '4.0.0', dplyr: '1.2.0' }
  };
  showEvidence(IDLE, { other_software: [r] });
  expect(screen.getByText('Software: python 3.11.7, 1 package')).toBeDefined();
  expect(screen.getByText('Software: R 4.5.1, 2 packages')).toBeDefined();
});
