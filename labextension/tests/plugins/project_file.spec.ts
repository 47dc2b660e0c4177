import type { JupyterFrontEnd } from '@jupyterlab/application';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { expect, test } from 'vitest';

import { PROJECT_FILE, projectFile } from '../../src/plugins/project_file';

function registryWithThePlugin(): DocumentRegistry {
  const docRegistry = new DocumentRegistry();
  void projectFile.activate({ docRegistry } as unknown as JupyterFrontEnd, null);
  return docRegistry;
}

function typesOf(path: string): string[] {
  return registryWithThePlugin()
    .getFileTypesForPath(path)
    .map(type => type.name);
}

test('the project file is known by its name, in any folder', () => {
  expect(typesOf(`models/digits/${PROJECT_FILE}`)).toContain('mlcd-project');
});

test('another toml file is not taken for a project', () => {
  expect(typesOf('pyproject.toml')).not.toContain('mlcd-project');
});
