/** JupyterLab as the place where our views are shown. */
import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import type { Following } from '../store/following';
import { draftsIn } from '../store/drafts';
import { marksIn } from '../store/marks';
import * as resources from '../store/resources';
import { ReviewVerbs } from '../store/review_verbs';
import type { Store } from '../store/store';
import { TidyVerbs } from '../store/tidy_verbs';
import type { Verbs } from '../store/verbs';
import { WatchVerbs } from '../store/watch_verbs';
import { CommandIDs } from '../tokens';
import type { IHost } from '../views/host';
import { type IOpening, openFile } from './open_file';

export interface ILabParts extends IOpening {
  readonly trans: TranslationBundle;
  readonly store: Store;
  readonly verbs: Verbs;
  readonly following: Following;
  readonly client: Client;
}

export function labHost(parts: ILabParts): IHost {
  const { app, trans, store, verbs, following, client } = parts;
  return {
    trans,
    verbs,
    reviews: new ReviewVerbs(store),
    tidying: new TidyVerbs(store),
    watching: new WatchVerbs(store),
    now: () => new Date(),
    isByPerson: event => event.isTrusted,
    open: view => void app.commands.execute(CommandIDs.open, { ...view }),
    openFile: (project, path, cell) => void openFile(parts, project, path, cell),
    choose: project => following.choose(project),
    refresh: () => void following.goTo(store.state.path),
    verify: (project, run) => void store.refresh(resources.verification(project, run)),
    picture: (project, run, path) => client.showPicture(project, run, path),
    marks: marksIn(window.localStorage),
    drafts: draftsIn(window.localStorage),
    copy: text => Clipboard.copyToSystem(text),
    ci: {
      preview: project => client.previewCi(project),
      start: (project, shown) =>
        client.startCi(project, shown).finally(() => void store.refreshAll()),
      look: project => client.showCi(project).finally(() => void store.refreshAll())
    },
    rehearse: (project, environment) => client.rehearse(project, environment),
    inCommands: (project, done) => client.inCommands(project, done)
  };
}
