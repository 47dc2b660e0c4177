/** Hints of the server that something changed. They carry no state: whoever hears one asks again. */
import type { Event } from '@jupyterlab/services';

/** Names our events among all that Jupyter's event bus carries. */
export const CHANGED = 'https://schema.jupyter-mlcd.org/changed';

/** What changed. */
export type Topic = 'run' | 'log' | 'ledger' | 'files';

/** One hint. */
export interface IHint {
  readonly project: string;
  readonly topic: Topic;
  /** The run that changed or printed something; empty for other topics. */
  readonly id: string;
  /** Number of the change in its project; they follow one another. */
  readonly seq: number;
}

const TOPICS: readonly string[] = ['run', 'log', 'ledger', 'files'] satisfies Topic[];

/** Our hint in an emission of the event bus, or null when it is somebody else's. */
export function hintOf(emission: Event.Emission): IHint | null {
  const { schema_id: schema, project, topic, id, seq } = emission;
  if (schema !== CHANGED || typeof project !== 'string' || !isTopic(topic)) {
    return null;
  }
  return {
    project,
    topic,
    id: typeof id === 'string' ? id : '',
    seq: typeof seq === 'number' ? seq : 0
  };
}

function isTopic(value: unknown): value is Topic {
  return typeof value === 'string' && TOPICS.includes(value);
}
