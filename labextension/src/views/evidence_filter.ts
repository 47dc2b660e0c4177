/** Which lines of evidence somebody looks for. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { EvidenceStatus } from '../api/types';
import { person } from './format';
import { matchWords, verdictWord } from './words';

/** The lines in which every word stands somewhere: suite, verdict, version, person, files. */
export function filtered(
  lines: readonly EvidenceStatus[],
  words: string,
  trans: TranslationBundle
): readonly EvidenceStatus[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) {
    return lines;
  }
  return lines.filter(line => {
    const text = textOf(line, trans);
    return wanted.every(word => text.includes(word));
  });
}

function textOf(line: EvidenceStatus, trans: TranslationBundle): string {
  return [
    line.suite,
    verdictWord('ended', line.verdict, trans),
    ...line.versions,
    person(line.by),
    matchWords(line.match, line.changed, trans),
    ...line.changed,
    line.builder === 'local' ? '' : `${trans.__('from CI')} ${line.builder}`,
    line.digest.replace(/^sha256:/, '')
  ]
    .join('\n')
    .toLowerCase();
}
