/** The widget's model as anywidget gives it to us, and what it and the kernel say to each other. */
import type { IHint } from '../api/events';
import type { Problem } from '../api/types';

/** What the kernel calls the one project that a widget knows. */
export const HERE = 'here';

/** The part of anywidget's model that we use. */
export interface IModel {
  get: (name: string) => unknown;
  send: (content: object) => void;
  on: (event: 'msg:custom', heard: Heard) => void;
  off: (event: 'msg:custom', heard: Heard) => void;
}

export type Heard = (said: Said, buffers: readonly DataView[]) => void;

/** What the kernel says. */
export type Said =
  | { readonly kind: 'answer'; readonly id: string; readonly value?: unknown }
  | { readonly kind: 'problem'; readonly id: string; readonly problem: Problem }
  | {
      readonly kind: 'hint';
      readonly hint: IHint;
      /** What would be asked next, by path: a busy kernel could not answer. */
      readonly answers: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'code'; readonly digest: string };

/** What the widget shows first. */
export interface ISubject {
  readonly kind: 'suite' | 'evidence' | 'deliver' | 'environments';
  readonly project: string;
  /** A suite, a run or an environment; empty where the project decides. */
  readonly name: string;
}

/** What the widget was made for. */
export function subjectOf(model: IModel): ISubject {
  const kind = text(model, '_shows');
  const kinds: readonly string[] = ['suite', 'evidence', 'deliver', 'environments'];
  return {
    kind: kinds.includes(kind) ? (kind as ISubject['kind']) : 'suite',
    project: text(model, '_project'),
    name: text(model, '_subject')
  };
}

/** A text of the model; empty where there is none. */
export function text(model: IModel, name: string): string {
  const value = model.get(name);
  return typeof value === 'string' ? value : '';
}
