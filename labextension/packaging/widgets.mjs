/**
 * Bundles src/widgets into one module that the kernel's package carries and sends to a notebook:
 * the widgets need neither our server half nor JupyterLab's modules.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { CATALOGUE } from './catalogue.mjs';

import { withFallbacks } from './host_colours.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src', 'widgets');
const made = join(root, '..', 'jupyter_mlcd', 'widgets', 'static');

await build({
  absWorkingDir: root,
  entryPoints: [join(source, 'index.tsx')],
  outfile: join(made, 'widgets.js'),
  bundle: true,
  format: 'esm',
  target: 'es2021',
  minify: true,
  legalComments: 'eof',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: {
    '@mlcd/german': CATALOGUE,
    ...Object.fromEntries(
      ['@jupyterlab/ui-components', '@jupyterlab/services', '@jupyterlab/statedb'].map(name => [
        name,
        join(source, 'stand_ins.tsx')
      ])
    )
  }
});
await build({
  absWorkingDir: root,
  entryPoints: [join(source, 'widgets.css')],
  outfile: join(made, 'widgets.css'),
  bundle: true,
  minify: true,
  logLevel: 'warning'
});

const { css, missing } = withFallbacks(readFileSync(join(made, 'widgets.css'), 'utf-8'));
writeFileSync(join(made, 'widgets.css'), css);
if (missing.length > 0) {
  console.warn(`packaging/host_colours.mjs has nothing for ${missing.join(', ')}`);
}
