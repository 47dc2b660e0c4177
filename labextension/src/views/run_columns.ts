/** The columns of a run's table: what varied, what was scored, and in which order rows stand. */
import type { CaseResult, EnvironmentStatus, Goal, Run, Status } from '../api/types';
import { isGreen, isRed } from '../store/questions';
import { decimals, parameter } from './format';
import { scoreName } from './names';

/** A metric, and what the last environment of the ladder that is live scored. */
export interface IMetric {
  readonly name: string;
  /** Which way is better; null where no rule says. */
  readonly goal: Goal | null;
  readonly environment: string;
  readonly live: number | null;
  /** Whether its difference to what is live has a column of its own. */
  readonly isRuled: boolean;
  /** Decimals of its column. */
  readonly digits: number;
  /** Id of the one case that scored best; empty where that cannot be said. */
  readonly best: string;
}

/** What the table needs of the status: none of it is known at first. */
export type Known = Pick<Status, 'environments' | 'goals'> | null;

/** The metrics of a run, in the order in which they were recorded first. */
export function metricsOf(run: Run, status: Known): IMetric[] {
  // Scores of slices of the data stand with their case: a column for each would hide the others.
  const recorded = new Set(run.cases.flatMap(result => Object.keys(result.metrics)));
  const names = [...recorded].filter(name => scoreName(name).slice === '');
  const live = newestLive(status?.environments ?? []);
  // The server names the score that rules look at first.
  const ruled = Object.keys(live?.scores ?? {})[0];
  return names.map(name => {
    const values = run.cases.flatMap(({ metrics, intervals }) => [
      ...(metrics[name] === undefined ? [] : [metrics[name]]),
      ...(intervals[name] ?? [])
    ]);
    const goal = status?.goals[name] ?? null;
    return {
      name,
      goal,
      digits: decimals(values),
      environment: live?.name ?? '',
      live: live?.scores[name] ?? null,
      isRuled: name === ruled,
      best: goal ? bestOf(run.cases, name, goal) : ''
    };
  });
}

function newestLive(environments: readonly EnvironmentStatus[]): EnvironmentStatus | undefined {
  return [...environments].reverse().find(({ scores }) => Object.keys(scores).length > 0);
}

/** The case that scored best among those that passed; of two that are equal neither did. */
function bestOf(cases: readonly CaseResult[], name: string, goal: Goal): string {
  const scored = cases.filter(one => isGreen(one.verdict) && one.metrics[name] !== undefined);
  const sorted = [...scored].sort((one, other) => compare(one, other, name, goal));
  const [first, second] = sorted;
  const isAlone = first && second && first.metrics[name] !== second.metrics[name];
  return isAlone ? first.id : '';
}

/** Which value comes first: the better one. */
function compare(one: CaseResult, other: CaseResult, name: string, goal: Goal): number {
  const sign = goal === 'max' ? -1 : 1;
  return sign * ((one.metrics[name] ?? 0) - (other.metrics[name] ?? 0));
}

/** By what rows are ordered: a column, and whether from the end. */
export interface IOrder {
  readonly column: string;
  readonly isDown: boolean;
}

/** The names of columns: of a parameter, of a score, and the others. */
export const column = {
  verdict: 'verdict',
  time: 'time',
  parameter: (name: string): string => `parameter:${name}`,
  score: (name: string): string => `score:${name}`
};

/** The order after a click on a column's head: up, down, then as the suite has it again. */
export function turned(order: IOrder | null, name: string, isDownFirst: boolean): IOrder | null {
  if (order?.column !== name) {
    return { column: name, isDown: isDownFirst };
  }
  return order.isDown === isDownFirst ? { column: name, isDown: !isDownFirst } : null;
}

/** The cases in an order; those that have nothing in its column come last. */
export function ordered(cases: readonly CaseResult[], order: IOrder | null): CaseResult[] {
  if (!order) {
    return [...cases];
  }
  const sign = order.isDown ? -1 : 1;
  return [...cases].sort((one, other) => {
    const [left, right] = [valueIn(one, order.column), valueIn(other, order.column)];
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null);
    }
    return sign * compareValues(left, right);
  });
}

type Sortable = number | string | null;

function valueIn(result: CaseResult, name: string): Sortable {
  if (name === column.verdict) {
    return isRed(result.verdict) ? 0 : result.state === 'ended' ? 2 : 1;
  }
  if (name === column.time) {
    return result.state === 'ended' && result.started !== '' ? result.duration : null;
  }
  const [kind, ...rest] = name.split(':');
  const key = rest.join(':');
  if (kind === 'score') {
    return result.metrics[key] ?? null;
  }
  const value = result.varied.includes(key) ? result.parameters[key] : undefined;
  return value === undefined || typeof value === 'number' ? (value ?? null) : parameter(value);
}

function compareValues(left: number | string, right: number | string): number {
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : String(left).localeCompare(String(right), undefined, { numeric: true });
}
