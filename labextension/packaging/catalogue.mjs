/**
 * Compares the German catalogue with the words that the sources say; with --write it is brought up
 * to date: new words come in without a translation, words that nobody says any more go.
 * JupyterLab's server finds the catalogue by the entry point `jupyterlab.locale`.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const CATALOGUE = join(
  root,
  ...['..', 'jupyter_mlcd', 'locale', 'de_DE', 'LC_MESSAGES', 'jupyter_mlcd.json']
);

/** What stands between a context and its words in a key; gettext's own. */
const CONTEXT_END = '\u0004';

/** How many of a method's first arguments are a context, words and their plural. */
const METHODS = new Map([
  ['__', { texts: 1 }],
  ['_n', { texts: 2 }],
  ['_p', { texts: 2, context: true }],
  ['_np', { texts: 3, context: true }]
]);

/** One translatable text of a source: its key in a catalogue and how many forms it has. */
function message(texts, { context }) {
  const [words, plural] = context ? texts.slice(1) : texts;
  const key = context ? `${texts[0]}${CONTEXT_END}${words}` : words;
  return { key, forms: plural === undefined ? [words] : [words, plural] };
}

/** The translatable texts of one TypeScript source. Throws for a text that is not a literal. */
export function messagesOf(path, text) {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const found = [];
  const visit = node => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const method = METHODS.get(node.expression.name.text);
      if (method) {
        found.push(message(literals(node, method.texts, source), method));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function literals(call, count, source) {
  return call.arguments.slice(0, count).map(argument => {
    if (ts.isStringLiteralLike(argument)) {
      return argument.text;
    }
    const { line } = source.getLineAndCharacterOfPosition(argument.getStart());
    throw new Error(`${source.fileName}:${line + 1}: only a literal can be translated`);
  });
}

/** All translatable texts of the front end, by key. */
export function messages() {
  const folder = join(root, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf-8' })
    .filter(name => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map(name => join(folder, name));
  return gathered(
    files.flatMap(file => messagesOf(relative(root, file), readFileSync(file, 'utf-8')))
  );
}

/** Texts by key, in order. Throws where one key has a plural here and none there: only one of them
 * would be translated. */
export function gathered(all) {
  const said = new Map();
  for (const { key, forms } of [...all].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const before = said.get(key) ?? forms;
    if (before.join('\n') !== forms.join('\n')) {
      throw new Error(`${show(key)} is said with two different plurals, or once without one`);
    }
    said.set(key, forms);
  }
  return said;
}

/** The German catalogue: its header under the empty key, then translations by key. */
export function catalogue() {
  return JSON.parse(readFileSync(CATALOGUE, 'utf-8'));
}

/** What is wrong with a catalogue, as sentences; nothing when it is whole. */
export function faults(said, { '': _header, ...translated }) {
  const leftOver = Object.keys(translated).filter(key => !said.has(key));
  return [
    ...leftOver.map(key => `${show(key)}: nobody says this any more`),
    ...[...said].flatMap(([key, forms]) => faultsOf(key, forms, translated[key]))
  ];
}

function faultsOf(key, forms, translations) {
  if (!translations || translations.some(text => text.trim() === '')) {
    return [`${show(key)}: has no translation`];
  }
  if (translations.length !== forms.length) {
    return [`${show(key)}: has ${translations.length} forms, and the source ${forms.length}`];
  }
  return translations
    .filter((text, index) => placeholders(text) !== placeholders(forms[index]))
    .map(text => `${show(key)}: ${show(text)} has other placeholders`);
}

/** "%1 %2 %2" of a text, in order of number: a translation may say them in another order. */
function placeholders(text) {
  return (text.match(/%\d+/g) ?? []).sort().join(' ');
}

function show(key) {
  return JSON.stringify(key.replace(CONTEXT_END, ': '));
}

/** The same catalogue with a place for every word that is said, and for no other. */
function upToDate(said, { '': header, ...translated }) {
  const lines = [...said].map(([key, forms]) => {
    const known = translated[key];
    const texts = known?.length === forms.length ? known : forms.map(() => '');
    return `  ${JSON.stringify(key)}: [${texts.map(text => JSON.stringify(text)).join(', ')}]`;
  });
  return `{\n${[`  "": ${JSON.stringify(header)}`, ...lines].join(',\n')}\n}\n`;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const said = messages();
  if (argv.includes('--write')) {
    writeFileSync(CATALOGUE, upToDate(said, catalogue()));
  }
  const found = faults(said, catalogue());
  console.error([...found, `${said.size} texts, ${found.length} faults`].join('\n'));
  process.exitCode = found.length > 0 ? 1 : 0;
}
