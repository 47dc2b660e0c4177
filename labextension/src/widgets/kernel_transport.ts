/** Requests to the workbench in the kernel's process, as custom messages of the widget. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ITransport } from '../api/client';
import type { IHint } from '../api/events';
import { OFFLINE, Refusal } from '../api/problem';
import { HERE, type IModel, type Said } from './model';

/** Milliseconds after which a kernel is taken for busy or gone. */
const PATIENCE = 30_000;
/** Milliseconds for which what the kernel sent along is news. */
const FRESH = 2_000;

interface IAnswer {
  readonly value: unknown;
  readonly buffers: readonly DataView[];
}

interface IAsked {
  readonly answer: (answer: IAnswer) => void;
  readonly refuse: (refusal: Refusal) => void;
}

/** Speaks the same paths as the server's routes; the kernel answers some of them. */
export class KernelTransport implements ITransport {
  /** `heed` is told what changed, after what the kernel sent along is at hand. */
  constructor(
    private readonly _model: IModel,
    private readonly _trans: TranslationBundle,
    private readonly _heed: (hint: IHint) => void
  ) {
    this._model.on('msg:custom', this._hear);
  }

  dispose(): void {
    this._model.off('msg:custom', this._hear);
  }

  async json(path: string, body?: object): Promise<unknown> {
    const ahead = this._ahead.get(path);
    this._ahead.delete(path); // What was sent along answers one question.
    if (ahead !== undefined && body === undefined && Date.now() < this._staleAt) {
      return ahead;
    }
    return (await this._ask(path, body)).value;
  }

  async text(path: string): Promise<string> {
    return new TextDecoder().decode(bytes(await this._ask(path)));
  }

  async blob(path: string): Promise<Blob> {
    const answer = await this._ask(path);
    const type = typeof answer.value === 'string' ? answer.value : '';
    return new Blob([bytes(answer)], { type });
  }

  private async _ask(path: string, body?: object): Promise<IAnswer> {
    this._count += 1;
    const id = `${this._name}:${this._count}`;
    const trans = this._trans;
    try {
      return await new Promise<IAnswer>((answer, refuse) => {
        this._asked.set(id, { answer, refuse });
        window.setTimeout(() => refuse(new Refusal(silence(trans))), PATIENCE);
        this._model.send({ kind: 'ask', id, path, body: body ?? null });
      });
    } finally {
      this._asked.delete(id);
    }
  }

  private readonly _hear = (said: Said, buffers: readonly DataView[]): void => {
    switch (said.kind) {
      case 'answer':
        this._answered(said.id, { value: said.value, buffers });
        break;
      case 'problem':
        this._asked.get(said.id)?.refuse(new Refusal(said.problem));
        break;
      case 'hint':
        this._ahead = new Map(Object.entries(said.answers));
        this._staleAt = Date.now() + FRESH;
        this._heed(said.hint);
        break;
      case 'code':
        break; // The loader's.
    }
  };

  private _answered(id: string, answer: IAnswer): void {
    const asked = this._asked.get(id);
    if (asked) {
      asked.answer(answer);
    } else if (id.startsWith(`${this._name}:`)) {
      // A kernel that was busy answers late: it hears again, so all is asked anew.
      this._heed({ project: HERE, topic: 'files', id: '', seq: 0 });
    }
  }

  private _count = 0;
  private _staleAt = 0;
  private _ahead = new Map<string, unknown>();
  private readonly _asked = new Map<string, IAsked>();
  /** Two browsers hear each other's answers. */
  private readonly _name = Math.random().toString(36).slice(2);
}

function bytes({ buffers }: IAnswer): ArrayBuffer {
  const [first] = buffers;
  return first
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice().buffer
    : new ArrayBuffer(0);
}

function silence(trans: TranslationBundle): Refusal['problem'] {
  return {
    code: OFFLINE,
    message: trans.__('The kernel does not answer.'),
    hint: trans.__(
      'It is busy with a cell, or it was ended. A run goes on without it; run this cell again to see it.'
    )
  };
}
