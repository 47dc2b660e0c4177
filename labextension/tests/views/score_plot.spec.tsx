import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import { ScorePlot } from '../../src/views/score_plot';
import { plotOf, scale } from '../../src/views/score_points';
import { show } from '../place';
import { PROJECT, minutesAgo } from '../samples';
import { aPoint } from '../samples_changes';

const SIZE = { width: 500, height: 170, left: 40, bottom: 20, margin: 10 };
const POINTS = [
  aPoint({ run: 'run-0', versions: ['0.1.3'], value: 0.961, low: 0.95, high: 0.97 }),
  aPoint({ run: 'run-1', at: minutesAgo(5) })
];

function showPlot(): ReturnType<typeof show> {
  return show(
    <ScorePlot project={PROJECT.id} name="accuracy" points={POINTS} run="run-1" live="0.1.3" />
  );
}

test('steps across are ones that people count in, and hold all values', () => {
  const about = (value: number): unknown => expect.closeTo(value, 9);
  expect(scale(0.951, 0.976)).toEqual({ from: about(0.95), to: about(0.98), step: about(0.01) });
  expect(scale(3, 3)).toEqual({ from: about(2.9), to: about(3.1), step: about(0.1) });
  expect(scale(0, 0)).toEqual({ from: about(-0.5), to: about(0.5), step: about(0.5) });
});

test('a higher score stands higher, a later one further right, all inside', () => {
  const { points } = plotOf(POINTS, SIZE);
  const [first, last] = points;
  expect(first && last && last.x > first.x && last.y < first.y).toBe(true);
  expect(points.every(({ x, y }) => x <= 500 && x >= 40 && y >= 0 && y <= 150)).toBe(true);
});

test('a single run stands in the middle', () => {
  expect(plotOf([aPoint()], SIZE).points[0]?.x).toBe(270);
});

test('the picture says in words what it shows', () => {
  showPlot();
  const picture = screen.getByRole('img', { name: 'accuracy over the kept runs' });
  expect(picture.querySelector('desc')?.textContent).toContain('From 0.961 to 0.966');
  expect(picture.querySelectorAll('[data-point]')).toHaveLength(2);
});

test('this run and what is live are marked, by shape and by name', () => {
  showPlot();
  const live = document.querySelector('[data-point="live"]');
  expect(live?.textContent).toContain('0.1.3, live');
  expect(live?.querySelector('title')?.textContent).toContain('0.961 (0.95-0.97)');
  expect(document.querySelector('[data-point="here"]')?.textContent).toContain('this run');
});

test('the table below has every value and leads to the other runs', () => {
  const host = showPlot();
  const table = screen.getByRole('table', { name: 'History of accuracy', hidden: true });
  const rows = within(table).getAllByRole('row', { hidden: true });
  expect(rows[1]?.textContent).toContain('this run');
  expect(rows[2]?.textContent).toContain('0.9610.95-0.97');
  fireEvent.click(within(table).getByRole('button', { hidden: true }));
  expect(host.open).toHaveBeenCalledWith({ kind: 'evidence', project: PROJECT.id, run: 'run-0' });
});
