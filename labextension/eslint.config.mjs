import eslint from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import typescript from 'typescript-eslint';

/** Every rule of Jupyter's plugin whose name passes, as an error. */
const jupyterRules = keep =>
  Object.fromEntries(
    Object.keys(jupyter.rules)
      .filter(keep)
      .map(name => [`jupyter/${name}`, 'error'])
  );

/** These read JSON schemas, not code. */
const forSchemas = name => name === 'no-schema-enum';

export default typescript.config(
  { ignores: ['lib/**', 'node_modules/**', '**/*.mjs', '**/*.mts', 'style/*.js'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [
      eslint.configs.recommended,
      typescript.configs.strictTypeChecked,
      typescript.configs.stylisticTypeChecked,
      prettier
    ],
    plugins: { jupyter },
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      ...jupyterRules(name => !forSchemas(name)),
      // The store is there from the start: the panel and the status line are made of it.
      'jupyter/prefer-lazy-imports': ['error', { ignoreImports: ['../store/live'] }],
      curly: 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-arrow-callback': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // Jupyter's convention: an interface says that it is one.
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: true } }
      ],
      // Numbers are shown as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Lumino keeps a token and its interface under one name.
      '@typescript-eslint/no-redeclare': 'off',
      // A Lumino signal takes a method and, beside it, its `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Commands and signals are fields that hold functions.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }]
    }
  },
  {
    files: ['tests/**/*.ts', 'tests/**/*.tsx'],
    rules: {
      // A test double has methods that do nothing.
      '@typescript-eslint/no-empty-function': 'off',
      // A test's texts are not shown to people, and it loads what it tests.
      'jupyter/no-untranslated-string': 'off',
      'jupyter/prefer-lazy-imports': 'off'
    }
  },
  {
    files: ['schema/*.json'],
    plugins: { jupyter },
    languageOptions: {
      parser: jupyter.configs.recommended.find(({ files }) => files.includes('**/schema/*.json'))
        .languageOptions.parser
    },
    rules: jupyterRules(forSchemas)
  }
);
