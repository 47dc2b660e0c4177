import { screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import { ready } from '../../src/store/remote';
import { VerificationSteps } from '../../src/views/evidence_verification';
import { show } from '../place';

test('a step that proves nothing is neither right nor wrong', () => {
  const checks = [
    { number: 1, name: 'The sums', ok: true, words: 'agree', hint: '', proves: true },
    { number: 2, name: 'The signature', ok: true, words: 'not checked', hint: '', proves: false },
    { number: 3, name: 'The tag', ok: false, words: 'moved', hint: '', proves: true }
  ];
  show(<VerificationSteps verification={ready({ subject: '0.2.0', ok: false, checks })} />);
  const marks = [...document.querySelectorAll('.jp-Mlcd-checks li')].map(line =>
    line.querySelector('[aria-label]')?.getAttribute('aria-label')
  );
  expect(marks).toEqual(['right', 'proves nothing', 'wrong']);
  expect(screen.getByRole('status').textContent).toContain('Not verified');
});
