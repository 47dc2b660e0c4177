/** Words in the language of the page, where the kernel's package has a catalogue for it. */
import { Gettext } from '@jupyterlab/translation/lib/gettext';
import type { TranslationBundle } from '@jupyterlab/translation';

const DOMAIN = 'jupyter_mlcd';

/** A bundle for one language; without a catalogue the words are the source's own, English. */
export function bundle(locale: string, catalogue: unknown): TranslationBundle {
  const words = new Gettext({ domain: DOMAIN, locale });
  if (isCatalogue(catalogue)) {
    words.loadJSON(catalogue, DOMAIN);
    words.setLocale(locale);
  }
  return words;
}

function isCatalogue(value: unknown): value is Parameters<Gettext['loadJSON']>[0] {
  return typeof value === 'object' && value !== null && '' in value;
}
