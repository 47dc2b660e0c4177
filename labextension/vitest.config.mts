import { readFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';
import { defineConfig } from 'vitest/config';

import { CATALOGUE } from './packaging/catalogue.mjs';

/** JupyterLab's builder imports an icon as its text; so do the tests. */
const iconsAsText: Plugin = {
  name: 'icons-as-text',
  enforce: 'pre',
  load: id =>
    id.endsWith('.svg') ? `export default ${JSON.stringify(readFileSync(id, 'utf-8'))}` : undefined
};

export default defineConfig({
  plugins: [iconsAsText],
  // Its other form has its default export one level deeper than a bundler finds it.
  resolve: { alias: { '@rjsf/core': '@rjsf/core/lib/index.js', '@mlcd/german': CATALOGUE } },
  test: {
    environment: 'jsdom',
    css: false,
    include: ['tests/**/*.spec.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    // These ship modules that Node alone cannot load.
    server: { deps: { inline: [/@jupyter/, /@lumino/, /@microsoft\/fast/, /@rjsf/] } }
  }
});
