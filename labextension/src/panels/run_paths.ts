/** Runs notebooks, and all notebooks of folders, as tests: from menus that name files. */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';
import { Widget } from '@lumino/widgets';

import type { ProjectReference } from '../api/types';
import { actName } from '../store/acts';
import { holds } from '../store/questions';
import { known } from '../store/remote';
import * as resources from '../store/resources';
import { whatToRun } from '../store/verbs';
import type { IDelivery } from '../tokens';
import { serverPath } from './server_paths';

/** More notebooks than anybody means to run by one click on a folder. */
const MOST = 100;

/** What a menu names: a notebook or a folder. */
export type Named = Pick<Contents.IModel, 'path' | 'type'>;

/** Run what is named as one run. Says why when nothing can be run. */
export async function runPaths(
  { store, host, following }: IDelivery,
  contents: Contents.IManager,
  named: readonly Named[]
): Promise<void> {
  const { trans } = host;
  const paths = await notebooksOf(contents, named);
  const [first] = paths;
  if (first === undefined) {
    Notification.warning(trans.__('There is no notebook in it.'), { autoClose: 8000 });
    return;
  }
  if (paths.length > MOST) {
    Notification.warning(
      trans.__('These are more than %1 notebooks: name them in a suite of mlcd.toml.', MOST),
      { autoClose: 8000 }
    );
    return;
  }
  await following.goTo(first);
  const id = store.state.project;
  const place = known(store.read(resources.projects(first)))?.find(
    project => project.id === id && holds(project, first)
  );
  const outside = place ? paths.filter(path => !holds(place, path)) : paths;
  if (!place || outside.length > 0) {
    Notification.warning(
      place
        ? trans.__('%1 is not of the same project; one run is of one project.', outside[0])
        : trans.__('%1 is in no git repository, so nothing can be proved of it.', first),
      { autoClose: 8000 }
    );
    return;
  }
  const inside = paths.map(path => within(place, path));
  if (named.some(({ type }) => type === 'directory') && !(await agreed(inside, host))) {
    return;
  }
  const [notebook] = inside;
  if (inside.length === 1 && notebook !== undefined) {
    const { runNotebook } = await import('./run_dialog');
    await runNotebook(id, notebook, store, host);
    return;
  }
  const request = { notebooks: inside };
  if (!(await host.verbs.run(id, request))) {
    const act = store.state.acts.get(actName.run(id, whatToRun(request)));
    if (act?.state === 'failed') {
      const words = [act.problem.message, act.problem.hint].filter(Boolean).join(' ');
      Notification.error(words, { autoClose: 8000 });
    }
  }
}

/** A folder hides what is in it: say it before it is run. */
async function agreed(
  notebooks: readonly string[],
  { trans }: IDelivery['host']
): Promise<boolean> {
  const body = new Widget({ node: document.createElement('ul') });
  body.addClass('jp-Mlcd-names');
  for (const path of notebooks) {
    body.node.appendChild(document.createElement('li')).textContent = path;
  }
  const count = notebooks.length;
  const answer = await showDialog({
    title: trans._n('Run %1 notebook as a test?', 'Run %1 notebooks as tests?', count),
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Run') })
    ]
  });
  return answer.button.accept;
}

function within(project: ProjectReference, path: string): string {
  return project.path ? path.slice(project.path.length + 1) : path;
}

/** The notebooks that are named or lie in a named folder, each once, by their paths on the server. */
export async function notebooksOf(
  contents: Contents.IManager,
  named: readonly Named[]
): Promise<string[]> {
  const found = new Set<string>();
  for (const { path, type } of named) {
    const here = type === 'directory' ? await notebooksIn(contents, path) : [path];
    for (const one of here) {
      const local = serverPath(contents, one);
      if (local !== null && isNotebook(local)) {
        found.add(local);
      }
    }
    if (found.size > MOST) {
      break;
    }
  }
  return [...found];
}

async function notebooksIn(contents: Contents.IManager, folder: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [folder];
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    const model = await contents.get(next, { type: 'directory', content: true });
    const inside = model.content as Contents.IModel[];
    const shown = inside.filter(({ name }) => !name.startsWith('.'));
    const drive = contents.driveName(next);
    const whole = (path: string): string =>
      drive && !contents.driveName(path) ? `${drive}:${path}` : path;
    const notebooks = shown.filter(one => one.type !== 'directory' && isNotebook(one.path));
    found.push(...notebooks.map(one => whole(one.path)).sort());
    const within = shown.filter(one => one.type === 'directory').map(one => whole(one.path));
    folders.unshift(...within.sort());
    if (found.length > MOST) {
      break;
    }
  }
  return found;
}

function isNotebook(path: string): boolean {
  return PathExt.extname(path) === '.ipynb';
}
