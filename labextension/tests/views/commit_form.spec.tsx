import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { Changes } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import { CommitForm, UNTOUCHED, chosen } from '../../src/views/commit_form';
import { show } from '../place';

const CHANGES: Changes = {
  message: 'Change train.ipynb',
  files: [
    { path: 'train.ipynb', change: 'modified', tracked: true },
    { path: 'notes.txt', change: 'added', tracked: false }
  ]
};

test('what git knows is ticked, what it does not know is not', () => {
  expect(chosen(UNTOUCHED, CHANGES)).toEqual({
    paths: ['train.ipynb'],
    message: 'Change train.ipynb'
  });
});

test('a tick is added to what was ticked', () => {
  const onChange = vi.fn();
  show(<CommitForm changes={ready(CHANGES)} draft={UNTOUCHED} act={null} onChange={onChange} />);
  fireEvent.click(screen.getByRole('checkbox', { name: /notes.txt/ }));
  expect(onChange).toHaveBeenCalledWith({
    message: null,
    paths: new Set(['train.ipynb', 'notes.txt'])
  });
});

test('a hook’s words are shown whole, and the message is not lost', () => {
  const problem = {
    code: 'hook',
    message: 'A hook refused the commit.',
    details: { git: 'line one\nline two' }
  };
  show(
    <CommitForm
      changes={ready(CHANGES)}
      draft={{ paths: null, message: 'My own words' }}
      act={{ state: 'failed', problem }}
      onChange={vi.fn()}
    />
  );
  expect(screen.getByRole('alert').querySelector('pre')?.textContent).toBe('line one\nline two');
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toBe('My own words');
});

test('with nothing changed it says so', () => {
  const none = { files: [], message: '' };
  show(<CommitForm changes={ready(none)} draft={UNTOUCHED} act={null} onChange={vi.fn()} />);
  expect(screen.getByText('Everything is committed.')).toBeDefined();
});
