/** "Run as test": asks for the notebook's parameters, where it has some, and starts the run. */
import { Notification } from '@jupyterlab/apputils';
import * as React from 'react';

import type { ParameterForm, Run } from '../api/types';
import { actName } from '../store/acts';
import { known, problemIn } from '../store/remote';
import * as resources from '../store/resources';
import type { IState, Store } from '../store/store';
import type { IHost } from '../views/host';
import { type Draft, type IGiven, fieldsOf, givenBy, lastDraft } from '../views/parameter_fields';
import { refusedIn } from '../views/parameter_validation';
import { RunForm } from '../views/run_form';
import { type IStaying, StayingDialog } from './staying_dialog';
import { StoreWidget } from './store_widget';

/** Run a saved notebook; ask for its parameters first, if it has any. Null: no run was started. */
export async function runNotebook(
  project: string,
  notebook: string,
  store: Store,
  host: IHost
): Promise<Run | null> {
  const { trans } = host;
  const resource = resources.parameters(project, notebook);
  await store.refresh(resource);
  const remote = store.read(resource);
  const refused = problemIn(remote);
  const form = refused ? null : known(remote);
  if (refused || !form) {
    say(refused?.message ?? trans.__('The notebook could not be read.'), refused?.hint);
    return null;
  }
  if (Object.keys(form.schema.properties ?? {}).length > 0) {
    return showRunDialog(project, form, store, host);
  }
  if (form.problem?.code === 'parameters-cell') {
    say(trans.__('It runs as it is: %1.', form.problem.message), form.problem.hint);
  }
  const run = await host.verbs.run(project, { notebook });
  const act = store.state.acts.get(actName.run(project, notebook));
  if (act?.state === 'failed') {
    say(act.problem.message, act.problem.hint);
  }
  return run;
}

function say(message: string, hint?: string): void {
  Notification.warning([message, hint].filter(Boolean).join(' '), { autoClose: 8000 });
}

/** Ask for the parameters, and run. Null when it was given up. */
export async function showRunDialog(
  project: string,
  form: ParameterForm,
  store: Store,
  host: IHost
): Promise<Run | null> {
  store.forget(actName.run(project, form.notebook));
  const words = {
    title: host.trans.__('Run %1 as a test', form.notebook),
    verb: host.trans.__('Run'),
    focus: '.jp-Mlcd-field input, .jp-Mlcd-field select'
  };
  const dialog = new StayingDialog(new RunBody(project, form, store, host), words, host);
  await dialog.launch();
  return dialog.done;
}

class RunBody extends StoreWidget implements IStaying<Run> {
  constructor(
    private readonly _project: string,
    private readonly _form: ParameterForm,
    store: Store,
    host: IHost
  ) {
    super(store, host);
    this._fields = fieldsOf(_form);
    this._draft = lastDraft(this._fields, _form.last);
  }

  /** Run with what stands in the fields. */
  async finish(): Promise<Run | null> {
    const given = givenBy(this._fields, this._draft);
    const { parameters, missing, unreadable } = given;
    const refused = [...refusedIn(this._form, parameters), ...this._unread()];
    this._checked = { ...given, refused };
    this.update();
    if (missing.length > 0 || unreadable.length > 0 || refused.length > 0) {
      return this._atTheFirst(null);
    }
    const { notebook } = this._form;
    const request = Object.keys(parameters).length > 0 ? { notebook, parameters } : { notebook };
    return this._atTheFirst(await this.host.verbs.run(this._project, request));
  }

  protected view(state: IState): React.ReactElement {
    return (
      <RunForm
        form={this._form}
        fields={this._fields}
        draft={this._draft}
        checked={this._checked}
        act={state.acts.get(actName.run(this._project, this._form.notebook)) ?? null}
        onChange={draft => {
          this._draft = draft;
          this._checked = null;
          this.store.forget(actName.run(this._project, this._form.notebook));
          this.update();
        }}
      />
    );
  }

  protected needs(): [] {
    return [];
  }

  /** Names of fields in which something stands that the browser does not take for a number. */
  private _unread(): string[] {
    const wrong = [...this.node.querySelectorAll('input')].filter(one => one.validity.badInput);
    const fields = wrong.map(one => one.closest<HTMLElement>('[data-parameter]'));
    return fields.flatMap(field => field?.dataset.parameter ?? []);
  }

  /** Without a run, go to the first field that has something wrong. */
  private _atTheFirst(run: Run | null): Run | null {
    if (!run) {
      requestAnimationFrame(() => {
        const wrong = this.node.querySelector(
          '.jp-Mlcd-mod-wrong input, .jp-Mlcd-mod-wrong select'
        );
        (wrong as HTMLElement | null)?.focus();
      });
    }
    return run;
  }

  private readonly _fields: ReturnType<typeof fieldsOf>;
  private _draft: Draft;
  private _checked: IGiven | null = null;
}
