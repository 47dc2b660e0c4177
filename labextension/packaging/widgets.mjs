/**
 * Bundles src/widgets into one module that the kernel's package carries and sends to a notebook:
 * the widgets need neither our server half nor JupyterLab's modules.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src', 'widgets');

await build({
  absWorkingDir: root,
  entryPoints: [join(source, 'index.tsx')],
  outfile: join(root, '..', 'jupyter_mlcd', 'widgets', 'static', 'widgets.js'),
  bundle: true,
  format: 'esm',
  target: 'es2021',
  minify: true,
  legalComments: 'eof',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: Object.fromEntries(
    ['@jupyterlab/ui-components', '@jupyterlab/services', '@jupyterlab/statedb'].map(name => [
      name,
      join(source, 'stand_ins.tsx')
    ])
  )
});
await build({
  absWorkingDir: root,
  entryPoints: [join(source, 'widgets.css')],
  outfile: join(root, '..', 'jupyter_mlcd', 'widgets', 'static', 'widgets.css'),
  bundle: true,
  minify: true,
  logLevel: 'warning'
});
