/** How an environment stands that is held, frozen, checked or watched, in words. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { EnvironmentStatus, Frozen, Hold, LiveCheck } from '../api/types';
import { moment, person } from './format';
import type { Shape } from './words';

/** "held by Ken since 1 Dec: the labels are wrong". */
export function heldWords({ by, at, why }: Hold, now: Date, trans: TranslationBundle): string {
  return trans.__('held by %1 since %2: %3', person(by), moment(at, now, trans), why);
}

/** "frozen until 4 Jan: holidays". */
export function frozenWords({ until, why }: Frozen, now: Date, trans: TranslationBundle): string {
  const words = until
    ? trans.__('frozen until %1', moment(until, now, trans))
    : trans.__('frozen, without an end');
  return why ? `${words}: ${why}` : words;
}

/** "0.3.0 checked by live: 1 case did not pass; rolled back". */
export function checkWords(check: LiveCheck, trans: TranslationBundle): string {
  const { version, suite, reason } = check;
  switch (check.state) {
    case 'going':
      return trans.__('checking %1 by %2', version, suite);
    case 'green':
      return trans.__('%1 checked by %2: green', version, suite);
    case 'red':
      return [trans.__('%1 checked by %2: %3', version, suite, reason), endWords(check, trans)]
        .filter(Boolean)
        .join('; ');
  }
}

export function checkShape({ state }: LiveCheck): Shape {
  return state === 'going' ? 'running' : state === 'green' ? 'passed' : 'failed';
}

function endWords({ led_to }: LiveCheck, trans: TranslationBundle): string {
  switch (led_to) {
    case 'rolled-back':
      return trans.__('rolled back');
    case 'held':
      return trans.__('held');
    case '':
      return '';
  }
}

/** Who brings versions there. */
export function watchWords(
  { automatic, watched_by }: EnvironmentStatus,
  trans: TranslationBundle
): string {
  if (watched_by) {
    return trans.__('watched by %1', watched_by);
  }
  return automatic
    ? trans.__('delivered by itself, but nobody is watching')
    : trans.__('delivered by hand');
}
