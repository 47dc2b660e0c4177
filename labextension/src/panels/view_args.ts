/** Views as arguments of a command, for the layout that is restored after a reload. */
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { View } from '../views/host';

/** JSON Schema of the arguments. */
export const VIEW_ARGS = {
  type: 'object',
  properties: {
    kind: {
      type: 'string',
      enum: [
        'run',
        'secrets',
        'evidence-list',
        'watch',
        'evidence',
        'deliver',
        'roll-back',
        'review',
        'ask-review',
        'history',
        'notebook',
        'report',
        'commit',
        'set-up',
        'accept'
      ]
    },
    project: { type: 'string' },
    run: { type: 'string' },
    environment: { type: 'string' },
    delivery: { type: 'string' },
    version: { type: 'string' },
    index: { type: 'number' },
    title: { type: 'string' },
    case: { type: 'string' },
    cell: { type: ['number', 'null'] }
  },
  required: ['kind', 'project']
} as const;

/** The view that arguments name, or null when they name none. */
export function viewOf(args: ReadonlyPartialJSONObject): View | null {
  const project = text(args.project);
  const run = text(args.run);
  const environment = text(args.environment);
  if (!project) {
    return null;
  }
  switch (args.kind) {
    case 'run':
    case 'secrets':
    case 'evidence':
      return run ? { kind: args.kind, project, run } : null;
    case 'report':
      return reportView(project, run, text(args.version));
    case 'evidence-list':
    case 'watch':
    case 'commit':
    case 'set-up':
      return { kind: args.kind, project };
    case 'deliver':
      return environment ? deliverView(project, environment, text(args.delivery)) : null;
    case 'history':
    case 'ask-review':
      return environment ? { kind: args.kind, project, environment } : null;
    case 'review': {
      const version = text(args.version);
      return version ? { kind: 'review', project, version } : null;
    }
    case 'roll-back':
      return environment ? backView(project, environment, text(args.version)) : null;
    case 'notebook': {
      const index = place(args.index);
      const cell = place(args.cell);
      const rest = cell === null ? {} : { cell };
      return run && index !== null
        ? { kind: 'notebook', project, run, index, title: text(args.title), ...rest }
        : null;
    }
    case 'accept':
      return run
        ? { kind: 'accept', project, run, case: text(args.case), cell: place(args.cell) }
        : null;
    default:
      return null;
  }
}

function deliverView(project: string, environment: string, delivery: string): View {
  const view = { kind: 'deliver', project, environment } as const;
  return delivery ? { ...view, delivery } : view;
}

/** Of a run, or of a version with its review. */
function reportView(project: string, run: string, version: string): View | null {
  if (version) {
    return { kind: 'report', project, run: '', version };
  }
  return run ? { kind: 'report', project, run } : null;
}

function backView(project: string, environment: string, version: string): View {
  const view = { kind: 'roll-back', project, environment } as const;
  return version ? { ...view, version } : view;
}

/** A position, counted from 0. */
function place(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
