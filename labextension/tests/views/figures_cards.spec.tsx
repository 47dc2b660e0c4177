import { screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { Figures } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import { FiguresCards } from '../../src/views/figures_cards';
import { show } from '../place';
import { someFigures } from '../samples_releases';

function shown(part: Partial<Figures> = {}): HTMLElement {
  show(<FiguresCards figures={ready(someFigures(part))} />);
  return screen.getByRole('region', { name: 'How delivery goes' });
}

function card(name: string): string | null {
  return screen.getByRole('figure', { name }).textContent;
}

test('each of the four figures is a card with its value', () => {
  shown();
  expect(card('Deliveries a week')).toContain('2.7');
  expect(card('From first commit to live')).toContain('1.5 h90 % within 3.0 days');
  expect(card('Failed once live')).toContain('13 %1 of 8');
  expect(card('Time to restore')).toContain('15 min');
});

test('waiting for approval is shown where there was any', () => {
  shown();
  expect(screen.queryByRole('figure', { name: 'Waiting for approval' })).toBeNull();
});

test('a wait for approval is a card too', () => {
  shown({ waiting: { count: 2, median: 60, high: 120 } });
  expect(card('Waiting for approval')).toContain('1.0 min');
});

test('few deliveries are said to be too few, and no value is shown', () => {
  const words = shown({ enough: false, deliveries: 3 }).textContent;
  expect(words).toContain('In 3 weeks: 3 deliveries, too few to say');
  expect(card('From first commit to live')).not.toContain('1.5 h90');
});

test('what never arrived is said beside', () => {
  expect(shown().textContent).toContain('2 more never arrived');
});

test('a picture says in words what it shows, and has a bar for each week', () => {
  shown();
  const picture = screen.getByRole('img', { name: 'Deliveries a week by week, at most 5' });
  expect(picture.querySelectorAll('rect')).toHaveLength(3);
  expect(picture.querySelector('title')?.textContent).toBe('2026-02-23: 5');
});

test('the same stands in a table, the newest week first', () => {
  shown();
  const [, first] = within(screen.getByRole('region', { name: 'Figures by week' })).getAllByRole(
    'row'
  );
  expect(first?.textContent).toBe('2026-03-0931.5 h115 min');
});
