/** What a version changes, and the figures of an environment: plain ones. */
import type { Figures, FiguresWeek, ReleaseChanges } from '../src/api/types';

export function someChanges(part: Partial<ReleaseChanges> = {}): ReleaseChanges {
  return {
    project: 'digits',
    version: '0.2.0',
    digest: 'sha256:2',
    commit: 'c'.repeat(40),
    since: '0.1.0',
    since_commit: 'd'.repeat(40),
    environment: 'production',
    live: true,
    metrics: [
      {
        name: 'accuracy',
        before: 0.91,
        after: 0.95,
        goal: 'max',
        better: true,
        comparable: true
      }
    ],
    parameters: [
      { suite: 'quality', notebook: 'train.ipynb', name: 'C', before: ['1.0'], after: ['10.0'] }
    ],
    files: [{ path: 'model.joblib', delivered: true, before: '1'.repeat(64), after: '' }],
    notebooks: [
      {
        suite: 'quality',
        notebook: 'train.ipynb',
        relation: 'changed',
        sources: 2,
        outputs: 1,
        problem: ''
      }
    ],
    software: [{ kernel: 'python3', name: 'numpy', before: '1.26', after: '2.1' }],
    rules: [
      { rule: 'accuracy at least 0.96', before: null, after: 'not-met', reason: '0.95 is less' }
    ],
    commits: [{ id: 'e'.repeat(40), subject: 'Wider kernel', issues: ['#12'] }],
    commits_left_out: 0,
    issues: [],
    gaps: [],
    ...part
  };
}

function week(begins: string, part: Partial<FiguresWeek> = {}): FiguresWeek {
  return { begins, deliveries: 0, bad: 0, lead: null, restore: null, waiting: null, ...part };
}

export function someFigures(part: Partial<Figures> = {}): Figures {
  return {
    project: 'digits',
    environment: 'production',
    since: '2026-02-23T00:00:00Z',
    until: '2026-03-10T12:00:00Z',
    deliveries: 8,
    roll_backs: 1,
    never_arrived: 2,
    enough: true,
    a_week: 2.667,
    bad: 1,
    not_restored: 0,
    failure_rate: 0.125,
    lead: { count: 7, median: 5400, high: 259200 },
    restore: { count: 1, median: 900, high: 900 },
    waiting: { count: 0, median: null, high: null },
    weeks: [
      week('2026-02-23', { deliveries: 5, lead: 5400 }),
      week('2026-03-02'),
      week('2026-03-09', { deliveries: 3, bad: 1, lead: 5400, restore: 900 })
    ],
    ...part
  };
}
