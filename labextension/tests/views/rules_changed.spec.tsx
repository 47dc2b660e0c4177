import { screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { RulesChanged as Changed } from '../../src/api/types';
import { RulesChanged } from '../../src/views/rules_changed';
import { show } from '../place';
import { minutesAgo } from '../samples';

function changed(part: Partial<Changed> = {}): Changed {
  return {
    version: '0.1.0',
    branch: 'origin/main',
    is_known: true,
    changes: [
      'the rule accuracy at least 0.95 became at least 0.9',
      'approvals for production went from 2 to 1'
    ],
    commits: [
      { id: 'f'.repeat(40), by: 'Ken <ken@x.org>', at: minutesAgo(5), subject: 'Ask for less' }
    ],
    ...part
  };
}

test('each rule that changed stands with the commits that changed it', () => {
  show(<RulesChanged rules={changed()} />);
  const name = 'Rules that changed since 0.1.0 was delivered';
  const card = within(screen.getByRole('region', { name }));
  expect(card.getByText('approvals for production went from 2 to 1')).toBeDefined();
  const [commit] = within(
    card.getByRole('list', { name: 'Commits that changed them' })
  ).getAllByRole('listitem');
  expect(commit?.textContent).toContain('fffffff');
  expect(commit?.textContent).toContain('Ask for less');
  expect(commit?.textContent).toContain('Ken');
});

test('rules that are not known to be others are said to be not known', () => {
  show(<RulesChanged rules={changed({ is_known: false, changes: [], commits: [] })} />);
  expect(screen.getByRole('note').textContent).toBe(
    'It is not known which rules 0.1.0 had to meet.'
  );
  expect(screen.queryByRole('region')).toBeNull();
});

test('where nothing changed nothing is said', () => {
  show(<RulesChanged rules={null} />);
  expect(document.body.textContent).toBe('');
});

test('a change without a commit of its own is told all the same', () => {
  show(<RulesChanged rules={changed({ commits: [] })} />);
  expect(screen.queryByRole('list', { name: 'Commits that changed them' })).toBeNull();
});
