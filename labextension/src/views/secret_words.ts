/** Findings as people look at them: one value, all places where it stands. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CaseResult, FoundSecret, Problem, SecretsFound } from '../api/types';
import { withNames } from './names';

/** One value that looks like a secret. What is allowed is the value, wherever it stands. */
export interface ISecretValue {
  readonly key: string;
  /** The first of its findings. */
  readonly first: FoundSecret;
  readonly places: readonly FoundSecret[];
}

/** The code that the server gives to a refusal for a secret. */
export const SECRET_FOUND = 'secret-found';
/** The code of one for a table that looks like personal data. */
export const PERSONAL_FOUND = 'personal-found';

/** Whether keeping was refused for what a person is to look at. */
export function isToLookAt({ code }: Problem): boolean {
  return code === SECRET_FOUND || code === PERSONAL_FOUND;
}

/** The findings, those of one value together, in the order in which they were found. */
export function valuesOf(found: SecretsFound): ISecretValue[] {
  const values = new Map<string, FoundSecret[]>();
  for (const one of found.findings) {
    const { rule, fingerprint } = one.finding;
    const key = `${rule}:${fingerprint || one.number}`;
    values.set(key, [...(values.get(key) ?? []), one]);
  }
  return [...values].flatMap(([key, places]) =>
    places[0] ? [{ key, first: places[0], places }] : []
  );
}

/** Whether it is the text of a cell, which is never changed: your commit has it too. */
export function isSource({ finding }: FoundSecret): boolean {
  return finding.cell !== null && finding.output === null;
}

/** Whether Keep is refused because of it. */
export function isInTheWay(one: FoundSecret, found: SecretsFound): boolean {
  return one.allowance === null && !(found.redacts && !isSource(one));
}

/** A place in the files of a run. */
interface IPlace {
  /** Position in the executed notebook, counted from 0. */
  readonly cell: number | null;
  readonly output: number | null;
}

/** Its case, and its position in the notebook that was tested, where they are known. */
interface ITested {
  readonly result: CaseResult | undefined;
  readonly source: number | null;
}

/** "train.ipynb, seed 1 · cell 3 · output 1"; what is counted is counted from 1. */
export function placeWords(
  name: string,
  { cell, output }: IPlace,
  tested: ITested,
  trans: TranslationBundle
): string {
  return [
    withNames(name),
    cell === null ? '' : cellWords(cell, tested, trans),
    output === null ? '' : trans.__('output %1', output + 1),
    cell !== null && output === null ? trans.__('its source or metadata') : ''
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Code cells are counted, as beside them; what the run put in stands only in the executed one. */
function cellWords(cell: number, { result, source }: ITested, trans: TranslationBundle): string {
  if (!result || source === null) {
    return trans.__('cell %1 of the executed notebook', cell + 1);
  }
  const count = result.cells.findIndex(one => one.index === source) + 1;
  return count > 0 ? trans.__('cell %1', count) : trans.__('text');
}

/** The case in whose executed notebook something stands, by the names that the manifest gives. */
export function caseOfFile(file: string, notebooks: Readonly<Record<string, string>>): string {
  return Object.keys(notebooks).find(name => notebooks[name] === file) ?? file;
}
