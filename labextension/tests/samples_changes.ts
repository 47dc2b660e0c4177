/** Believable comparisons of two runs; each test changes only what it is about. */
import type {
  CaseChanges,
  CaseComparison,
  CellComparison,
  EvidenceChanges,
  OutputComparison,
  ScorePoint
} from '../src/api/types';
import { IDLE, ready } from '../src/store/remote';
import type { IEvidenceReading } from '../src/store/reading';
import { minutesAgo } from './samples';

export function aCaseComparison(part: Partial<CaseComparison> = {}): CaseComparison {
  return {
    id: 'train.ipynb[seed=1]',
    notebook: 'train.ipynb',
    parameters: { seed: 1 },
    varied: ['seed'],
    relation: 'changed',
    verdict: 'passed',
    after: 0,
    before: 0,
    sources: 1,
    outputs: 1,
    scores: [{ name: 'accuracy', before: 0.961, after: 0.966 }],
    problem: '',
    ...part
  };
}

export function aComparison(part: Partial<EvidenceChanges> = {}): EvidenceChanges {
  return {
    run: 'run-1',
    against: {
      run: 'run-0',
      version: '0.1.3',
      environment: 'production',
      live: true,
      at: minutesAgo(9000),
      by: 'Ken <ken@example.org>'
    },
    cases: [
      aCaseComparison({
        id: 'prepare.ipynb',
        notebook: 'prepare.ipynb',
        varied: [],
        relation: 'same',
        sources: 0,
        outputs: 0,
        scores: []
      }),
      aCaseComparison(),
      aCaseComparison({ id: 'train.ipynb[seed=2]', parameters: { seed: 2 }, after: 1, before: 1 })
    ],
    software: [],
    figures: [],
    ...part
  };
}

export function anOutput(part: Partial<OutputComparison> = {}): OutputComparison {
  const side = { cell: 1, output: 0, media: 'text/plain', size: 24, sha256: 'a', whole: true };
  return {
    relation: 'changed',
    name: 'stdout',
    kind: 'text',
    before: side,
    after: side,
    lines: [{ before: 'accuracy 0.961', after: 'accuracy 0.966' }],
    rows: [],
    ...part
  };
}

export function aCellComparison(part: Partial<CellComparison> = {}): CellComparison {
  return {
    relation: 'changed',
    kind: 'code',
    before: 1,
    after: 1,
    place: 1,
    id: 'c1',
    source_changed: true,
    outputs_changed: true,
    lines: [{ before: 'C = 1.0', after: 'C = 10.0' }],
    outputs: [anOutput()],
    verdict: 'passed',
    reason: '',
    ...part
  };
}

export function aSameCell(part: Partial<CellComparison> = {}): CellComparison {
  return aCellComparison({
    relation: 'same',
    source_changed: false,
    outputs_changed: false,
    lines: [{ before: 'import math', after: 'import math' }],
    outputs: [],
    ...part
  });
}

export function aCaseChange(part: Partial<CaseChanges> = {}): CaseChanges {
  return {
    case: aCaseComparison(),
    against: aComparison().against,
    cells: [
      aSameCell({ before: 0, after: 0, place: 0 }),
      aCellComparison(),
      aSameCell({ before: 2, after: 2, place: 2 }),
      aCellComparison({ before: 3, after: 3, place: 3, outputs_changed: false, outputs: [] })
    ],
    left_out: 0,
    ...part
  };
}

export function aPoint(part: Partial<ScorePoint> = {}): ScorePoint {
  return {
    run: 'run-1',
    at: minutesAgo(10),
    by: 'Mara Example <mara@example.org>',
    versions: [],
    value: 0.966,
    low: null,
    high: null,
    cases: 1,
    ...part
  };
}

export function aReading(part: Partial<IEvidenceReading> = {}): IEvidenceReading {
  return {
    against: '',
    shown: 1,
    comparison: ready(aComparison()),
    changes: ready(aCaseChange()),
    history: IDLE,
    release: null,
    look: () => undefined,
    ...part
  };
}
