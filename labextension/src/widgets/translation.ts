/** Words in the language of the page, where we have a catalogue for it: widgets bring it along. */
import german from '@mlcd/german';
import { Gettext } from '@jupyterlab/translation/lib/gettext';
import type { TranslationBundle } from '@jupyterlab/translation';

const DOMAIN = 'jupyter_mlcd';

/** The words of a page, by its language: "de-DE", "de". */
export function wordsOf(language: string): TranslationBundle {
  return bundle(language, language.split('-')[0] === 'de' ? german : null);
}

/** A bundle for one language; without a catalogue the words are the source's own, English. */
export function bundle(locale: string, catalogue: unknown): TranslationBundle {
  const words = new Gettext({ domain: DOMAIN, locale });
  if (isCatalogue(catalogue)) {
    const header = catalogue[''];
    const named = { ...header, pluralForms: header.plural_forms };
    words.loadJSON({ ...catalogue, '': named }, DOMAIN);
    words.setLocale(header.language);
  }
  return words;
}

/** A catalogue as a language pack has it; `Gettext` wants its header spelled otherwise. */
interface ICatalogue {
  readonly '': {
    readonly domain: string;
    readonly language: string;
    readonly plural_forms: string;
  };
}

function isCatalogue(value: unknown): value is ICatalogue {
  return typeof value === 'object' && value !== null && '' in value;
}
