/** Where the points of a score's history stand in a picture of a certain size. Pure. */
import type { ScorePoint } from '../api/types';

export interface ISize {
  readonly width: number;
  readonly height: number;
  /** Room for the numbers on the left, and for versions below. */
  readonly left: number;
  readonly bottom: number;
  /** Room above and on the right, so that nothing is cut off. */
  readonly margin: number;
}

export interface IPlot {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Lines across, from below, with what they stand for. */
  readonly ticks: readonly { readonly y: number; readonly value: number }[];
  /** Where a value stands. */
  readonly y: (value: number) => number;
}

/** How many lines across are wanted. */
const TICKS = 3;

export function plotOf(points: readonly ScorePoint[], size: ISize): IPlot {
  const values = points.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const { from, to, step } = scale(Math.min(...values), Math.max(...values));
  const tall = size.height - size.bottom - size.margin;
  const wide = size.width - size.left - 2 * size.margin;
  const y = (value: number): number => size.margin + (1 - (value - from) / (to - from)) * tall;
  const count = Math.round((to - from) / step);
  return {
    y,
    points: points.map(({ value }, place) => ({
      x: size.left + size.margin + (points.length > 1 ? place / (points.length - 1) : 0.5) * wide,
      y: y(value)
    })),
    ticks: Array.from({ length: count + 1 }, (_, place) => {
      const value = from + place * step;
      return { y: y(value), value: Number(value.toPrecision(12)) };
    })
  };
}

/** Ends and steps that people count in: 1, 2 or 5 times a power of ten. */
export function scale(least: number, most: number): { from: number; to: number; step: number } {
  const span = most - least || Math.abs(most) * 0.1 || 1;
  const rough = span / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find(one => one * power >= rough * (1 - 1e-9)) ?? 10);
  const from = Math.floor((least + step * 1e-9) / step) * step;
  const to = Math.ceil((most - step * 1e-9) / step) * step;
  return { from: from < to ? from : from - step, to: from < to ? to : to + step, step };
}
