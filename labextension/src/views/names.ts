/** What cases and scores are called on screen; their ids are for machines. */
import type { CaseResult } from '../api/types';
import { notebookName, parameter } from './format';

/** "train.ipynb, gamma 0.01, seed 2": a case where nothing beside it says which one it is. */
export function caseName(result: Pick<CaseResult, 'notebook' | 'parameters'>): string {
  return nameOf(result.notebook, Object.entries(result.parameters));
}

/** What differs between the cases of a notebook: "seed=1". */
export function variedWords(result: Pick<CaseResult, 'parameters' | 'varied'>): string {
  return result.varied.map(name => `${name}=${parameter(result.parameters[name])}`).join(' ');
}

/** "train · seed=2": a case among those of its run. */
export function caseTitle(result: CaseResult): string {
  return [notebookName(result.notebook), variedWords(result)].filter(Boolean).join(' · ');
}

/** A sentence of the server in which cases and scores are called by their names, not by their ids. */
export function withNames(text: string): string {
  let shown = '';
  let rest = text;
  for (let start = rest.indexOf('['); start >= 0; start = rest.indexOf('[')) {
    const found = /\S$/.test(rest.slice(0, start)) ? parametersAt(rest, start + 1) : null;
    shown += found ? nameOf(rest.slice(0, start), found.values) : rest.slice(0, start + 1);
    rest = rest.slice(found?.end ?? start + 1);
  }
  return shown + rest;
}

/** A score's name, and of which slice of the test data: `accuracy[segment="young"]`. */
export interface IScoreName {
  readonly name: string;
  /** "segment young"; empty for all of the data. */
  readonly slice: string;
}

export function scoreName(key: string): IScoreName {
  const start = key.indexOf('[');
  const found = start > 0 ? parametersAt(key, start + 1) : null;
  if (found?.end !== key.length) {
    return { name: key, slice: '' };
  }
  return { name: key.slice(0, start), slice: inWords(found.values) };
}

/** "accuracy, segment young": a score where nothing beside it says of what it is. */
export function scoreWords(key: string): string {
  const { name, slice } = scoreName(key);
  return [name, slice].filter(Boolean).join(', ');
}

function nameOf(path: string, values: Values): string {
  return [path, inWords(values)].filter(Boolean).join(', ');
}

function inWords(values: Values): string {
  return values.map(([name, value]) => `${name} ${parameter(value)}`).join(', ');
}

type Values = [string, unknown][];

/** The parameters that begin at `from`, and where what follows their bracket begins. */
function parametersAt(text: string, from: number): { values: Values; end: number } | null {
  const values: Values = [];
  let place = from;
  for (;;) {
    const sign = text.indexOf('=', place);
    const name = text.slice(place, sign);
    const end = sign < 0 ? -1 : endOfValue(text, sign + 1);
    if (end < 0 || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      return null;
    }
    try {
      values.push([name, JSON.parse(text.slice(sign + 1, end))]);
    } catch {
      return null;
    }
    if (text[end] === ']') {
      return { values, end: end + 1 };
    }
    place = end + 1;
  }
}

/** Where a JSON value ends: at the comma or bracket that is neither in a text nor in a list. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let isText = false;
  for (let place = from; place < text.length; place += 1) {
    const letter = text[place] ?? '';
    if (isText) {
      place += letter === '\\' ? 1 : 0;
      isText = letter !== '"';
    } else if (depth === 0 && (letter === ',' || letter === ']')) {
      return place;
    } else if (letter === '"') {
      isText = true;
    } else if (letter === '[' || letter === '{') {
      depth += 1;
    } else if (letter === ']' || letter === '}') {
      depth -= 1;
    }
  }
  return -1;
}
