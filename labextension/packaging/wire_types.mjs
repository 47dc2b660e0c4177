/**
 * Writes src/api/types.ts from src/api/schema.json; with --check only says whether it is up to date.
 * The schema itself comes from the server's own types: `python -m jupyter_mlcd.schema`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const api = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'api');
const target = join(api, 'types.ts');

const schema = JSON.parse(readFileSync(join(api, 'schema.json'), 'utf-8'));
const { prettier: style } = JSON.parse(
  readFileSync(join(api, '..', '..', 'package.json'), 'utf-8')
);

/** The generator knows tuples only as drafts before 2020 wrote them. */
const tuples = (_, value) => {
  if (value && typeof value === 'object' && Array.isArray(value.prefixItems)) {
    const { prefixItems, ...rest } = value;
    return { ...rest, items: prefixItems, additionalItems: false };
  }
  return value;
};

const generated = await compile(JSON.parse(JSON.stringify(schema, tuples)), 'Wire', {
  bannerComment:
    '/* eslint-disable */\n/* Made from schema.json by `npm run types:generate`; the names are the ones of the server. */',
  format: true,
  style,
  unreachableDefinitions: true
});

/** The generator says of every type where it found it; one place is all there is. */
const types = generated.replaceAll(
  / \*\n \* This interface was referenced by .*\n \* via .*\n/g,
  ''
);

if (!process.argv.includes('--check')) {
  writeFileSync(target, types);
} else if (readFileSync(target, 'utf-8') !== types) {
  console.error('src/api/types.ts is not what src/api/schema.json says: npm run types:generate');
  process.exit(1);
}
