/** A translatable text: its key in a catalogue, and the words it has in English. */
export interface IMessage {
  readonly key: string;
  readonly forms: readonly string[];
}

export type Catalogue = Readonly<Record<string, readonly string[]>> & {
  readonly '': {
    readonly domain: string;
    readonly language: string;
    readonly plural_forms: string;
  };
};

/** Where the German catalogue lies. */
export const CATALOGUE: string;

export function messagesOf(path: string, text: string): readonly IMessage[];
export function gathered(all: readonly IMessage[]): ReadonlyMap<string, readonly string[]>;
export function messages(): ReadonlyMap<string, readonly string[]>;
export function catalogue(): Catalogue;
export function faults(
  said: ReadonlyMap<string, readonly string[]>,
  catalogue: Readonly<Record<string, unknown>>
): readonly string[];
