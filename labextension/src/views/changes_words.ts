/** What changed, in words: of cases, of cells, and what each side of a comparison is called. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Against, CaseComparison, CellComparison, Relation } from '../api/types';
import { difference, moment, person, score } from './format';
import { scoreWords } from './names';

export function relationWord(relation: Relation, trans: TranslationBundle): string {
  const words: Record<Relation, string> = {
    same: trans.__('same'),
    changed: trans.__('changed'),
    new: trans.__('new'),
    gone: trans.__('gone')
  };
  return words[relation];
}

/** "live, 0.1.0", "0.1.0", or when and by whom it was run. */
export function againstWords(against: Against, now: Date, trans: TranslationBundle): string {
  if (against.live) {
    return trans.__('live, %1', against.version);
  }
  return against.version
    ? trans.__('%1, live before', against.version)
    : trans.__('%1 by %2', moment(against.at, now, trans), person(against.by));
}

/** "accuracy +0.005": each score that is other than before. */
export function scoreChangeWords(changes: CaseComparison, trans: TranslationBundle): string[] {
  return changes.scores.map(({ name, before, after }) => {
    const words = scoreWords(name);
    if (before === null || after === null) {
      return after === null
        ? trans.__('%1 is gone', words)
        : trans.__('%1 %2, new', words, score(after));
    }
    return `${words} ${difference(after - before)}`;
  });
}

/** "2 sources, 3 outputs"; empty where no cell differs. */
export function countedWords(changes: CaseComparison, trans: TranslationBundle): string {
  const { sources, outputs } = changes;
  return [
    sources > 0 && trans._n('%1 source', '%1 sources', sources),
    outputs > 0 && trans._n('%1 output', '%1 outputs', outputs)
  ]
    .filter(Boolean)
    .join(', ');
}

/** Of which cells the reader wants to see what changed. */
export type Mode = 'changes' | 'sources' | 'outputs' | 'whole';

/** Whether a cell is a change that a reader in this mode walks to. */
export function isChange(cell: CellComparison, mode: Mode): boolean {
  if (mode === 'sources') {
    return cell.relation !== 'same' && (cell.source_changed || cell.relation !== 'changed');
  }
  return mode === 'outputs' ? cell.outputs_changed : cell.relation !== 'same';
}

/** What the cells are called: code cells counted from 1, as in the reasons of a run. */
export function cellNames(cells: readonly CellComparison[], trans: TranslationBundle): string[] {
  let count = 0;
  return cells.map(cell => {
    if (cell.relation === 'gone') {
      return cell.kind === 'code' ? trans.__('a cell that is gone') : trans.__('text that is gone');
    }
    if (cell.kind !== 'code') {
      return trans.__('text');
    }
    if (cell.place === null) {
      return trans.__('the parameters of this case');
    }
    count += 1;
    return trans.__('cell %1', count);
  });
}
