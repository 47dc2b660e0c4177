/** Believable answers of the server; each test changes only what it is about. */
import type {
  Attempt,
  CaseResult,
  CellResult,
  Delivery,
  Difference,
  EvidenceStatus,
  LiveScoring,
  Preview,
  ProjectReference,
  Run,
  ShownEvidence,
  Status
} from '../src/api/types';

/** The present of all tests: a Tuesday, 13:25. */
export const NOW = new Date(2026, 10, 24, 13, 25);

/** So many minutes before the present, as the server writes it. */
export function minutesAgo(minutes: number): string {
  return new Date(NOW.getTime() - minutes * 60_000).toISOString();
}

export const PROJECT: ProjectReference = { id: 'ZGlnaXRz', name: 'digits', path: 'digits' };

export function aCase(part: Partial<CaseResult> = {}): CaseResult {
  return {
    id: 'train.ipynb[seed=1]',
    notebook: 'train.ipynb',
    parameters: { seed: 1 },
    varied: ['seed'],
    after: [],
    state: 'ended',
    verdict: 'passed',
    reason: '11 of 11 cells ran, 1 compared',
    duration: 3.1,
    started: minutesAgo(1),
    position: 11,
    total: 11,
    cells: [],
    metrics: { accuracy: 0.966 },
    intervals: {},
    exhibits: [],
    products: {},
    candidate: false,
    attempts: [],
    peak_memory: 0,
    remarks: [],
    reference: '',
    ...part
  };
}

export function aDifference(part: Partial<Difference> = {}): Difference {
  return {
    field: 'stdout',
    expected: 'samples used: 1797',
    got: 'samples used: 1796',
    expected_span: null,
    got_span: null,
    by: '',
    picture: '',
    ...part
  };
}

/** A cell that printed another number than expected. */
export function aRedCell(part: Partial<CellResult> = {}): CellResult {
  return {
    index: 7,
    id: 'c7',
    verdict: 'failed',
    reason: 'stdout differs',
    compared: true,
    duration: 0.1,
    differences: [aDifference()],
    ...part
  };
}

/** A case whose third code cell printed another number than expected. */
export function aRedCase(part: Partial<CaseResult> = {}): CaseResult {
  return aCase({
    id: 'train.ipynb[seed=2]',
    parameters: { seed: 2 },
    verdict: 'failed',
    reason: 'cell 3: stdout differs',
    cells: [aRedCell()],
    ...part
  });
}

/** A case that was red at first. */
export function aFlakyCase(part: Partial<CaseResult> = {}): CaseResult {
  const attempt: Attempt = {
    verdict: 'failed',
    reason: 'cell 3: stdout differs',
    started: minutesAgo(2),
    duration: 2.8,
    notebook: '',
    cells: [aRedCell()],
    peak_memory: 0
  };
  const reason = 'passed on attempt 2; at first: cell 3: stdout differs';
  return aCase({ verdict: 'flaky', reason, attempts: [attempt], ...part });
}

export function aRun(part: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    project: 'digits',
    suite: 'quality',
    tree: 'a'.repeat(40),
    commit: '4f2c9e1'.padEnd(40, '0'),
    dirty: {},
    by: 'Mara Example <mara@example.org>',
    started: minutesAgo(1),
    cases: [aCase()],
    state: 'ended',
    verdict: 'passed',
    reason: '1 of 1 cases passed',
    ended: minutesAgo(0),
    estimate: null,
    kept: false,
    partial: false,
    coverage: null,
    nbval: null,
    digest: `sha256:${'b'.repeat(64)}`,
    jobs: 2,
    v: 1,
    ...part
  };
}

export function aGoingRun(): Run {
  const waits = {
    state: 'waiting',
    verdict: null,
    reason: '',
    metrics: {},
    position: 0,
    total: 0
  } as const;
  return aRun({
    state: 'running',
    verdict: null,
    reason: '',
    ended: '',
    digest: '',
    estimate: 120,
    cases: [
      aCase(),
      aCase({
        id: 'train.ipynb[seed=2]',
        parameters: { seed: 2 },
        state: 'running',
        verdict: null,
        reason: '',
        position: 5,
        metrics: {}
      }),
      aCase({
        ...waits,
        id: 'evaluate.ipynb',
        notebook: 'evaluate.ipynb',
        parameters: {},
        varied: [],
        after: ['train.ipynb[seed=1]', 'train.ipynb[seed=2]']
      })
    ]
  });
}

export function evidenceLine(part: Partial<EvidenceStatus> = {}): EvidenceStatus {
  return {
    id: 'run-1',
    suite: 'quality',
    verdict: 'passed',
    reason: '6 of 6 cases passed',
    by: 'Mara Example <mara@example.org>',
    at: minutesAgo(10),
    digest: `sha256:${'b'.repeat(64)}`,
    match: 'matches',
    changed: [],
    versions: [],
    partial: false,
    builder: 'local',
    scored: '',
    ...part
  };
}

export function aStatus(part: Partial<Status> = {}): Status {
  const run = aRun();
  return {
    project: PROJECT,
    place: {
      branch: 'main',
      commit: '4f2c9e1'.padEnd(40, '0'),
      subject: 'A careful first model',
      dirty: {},
      untracked: [],
      tree: run.tree,
      upstream: '',
      unshared: 0,
      undelivered: null
    },
    steps: [
      { name: 'Why', state: 'done', words: 'A careful first model' },
      { name: 'Code', state: 'done', words: '4f2c9e1 on main' },
      { name: 'Tests', state: 'current', words: 'quality has not been run on these files' },
      { name: 'Review', state: 'waiting', words: 'no approval is asked for' },
      { name: 'Live', state: 'waiting', words: 'nothing is live yet' }
    ],
    deliver: {
      environment: 'production',
      version: '0.2.0',
      label: 'Deliver 0.2.0 to production',
      ready: true,
      reasons: [],
      findings: [],
      note: 'replaces 0.1.3'
    },
    environments: [
      {
        name: 'production',
        after: '',
        target: 'folder releases/production',
        live: {
          version: '0.1.3',
          digest: `sha256:${'c'.repeat(64)}`,
          since: minutesAgo(6 * 24 * 60),
          by: 'Ken <ken@example.org>',
          back_from: '',
          why: '',
          rules: '',
          key: 'key-0'
        },
        scores: { accuracy: 0.961 },
        delivery: null,
        watched_by: '',
        deliveries: 0,
        back_to: '',
        automatic: false,
        held: null,
        frozen: null,
        verify: '',
        check: null
      }
    ],
    suites: [
      {
        name: 'quality',
        notebooks: ['train.ipynb'],
        cases: 1,
        run,
        match: 'matches',
        changed: []
      }
    ],
    runs: [],
    evidence: [],
    evidence_count: 0,
    goals: { accuracy: 'max' },
    problem: null,
    waiting: [],
    remotes: {},
    yours: null,
    seq: 1,
    ...part
  };
}

export function aScoring(part: Partial<LiveScoring> = {}): LiveScoring {
  return {
    environment: 'production',
    live_in: 'production',
    version: '0.1.0',
    suite: 'quality',
    metrics: ['accuracy'],
    state: 'possible',
    words: 'Runs evaluate.ipynb on these files with model.joblib of 0.1.0.',
    hint: '',
    run: '',
    seconds: 12,
    ...part
  };
}

export function aPreview(part: Partial<Preview> = {}): Preview {
  return {
    project: 'digits',
    environment: 'production',
    version: '0.2.0',
    digest: `sha256:${'d'.repeat(64)}`,
    nonce: 'once',
    replaces: null,
    lines: [
      {
        name: 'Code',
        met: true,
        words: '3 commits on main, **8d01b7a**',
        way_out: '',
        subject: ''
      }
    ],
    findings: [],
    reasons: [],
    steps: ['Tags commit **8d01b7a** as **v0.2.0**.', 'Points **current** at 0.2.0.'],
    commands: ['git tag v0.2.0'],
    type_version: false,
    accepted: [],
    commits: 0,
    issues: [],
    attempt: 1,
    earlier: null,
    roll_back: null,
    rules: null,
    scoring: null,
    can_rehearse: false,
    text: '',
    ...part
  };
}

export function aDelivery(part: Partial<Delivery> = {}): Delivery {
  return {
    key: 'key-1',
    version: '0.2.0',
    digest: `sha256:${'d'.repeat(64)}`,
    environment: 'production',
    attempt: 1,
    state: 'requested',
    by: 'Mara Example <mara@example.org>',
    requested: minutesAgo(1),
    moments: [{ state: 'requested', at: minutesAgo(1), by: 'Mara', reason: '' }],
    steps: ['Tags commit **8d01b7a** as **v0.2.0**.'],
    ticket: {},
    reason: '',
    why: '',
    issues: [],
    back_from: '',
    by_itself: '',
    told: [],
    at_work: false,
    acts: [],
    nonce: '',
    rules: '',
    refused: null,
    ...part
  };
}

export function aManifest(part: Partial<ShownEvidence> = {}): ShownEvidence {
  return {
    run: aRun({ digest: '', kept: false }),
    prefix: '',
    notebooks: {},
    sources: {},
    inputs: {},
    scores: {
      accuracy: { notebook: 'train.ipynb', values: { one: 0.966, other: 0.968 }, basis: 'x' }
    },
    delivers: { 'model.joblib': { sha256: 'e'.repeat(64), size: 55_700 } },
    undelivered: '',
    config: '',
    software: {
      kernel: 'python3',
      language: 'python',
      version: '3.11.7',
      platform: 'Linux',
      packages: { numpy: '2.0.0' }
    },
    attempt: 2,
    builder: 'local',
    made_by: 'jupyter_mlcd 0.1.0',
    other_software: [],
    v: 1,
    kept: null,
    erased: [],
    ...part
  };
}
