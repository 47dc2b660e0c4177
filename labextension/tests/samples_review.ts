/** Believable reviews; each test changes only what it is about. */
import type {
  Finding,
  ReviewEntry,
  ReviewPage,
  ReviewPreview,
  ReviewState
} from '../src/api/types';
import { minutesAgo } from './samples';

export const MARA = 'Mara Example <mara@example.org>';
export const KEN = 'Ken <ken@example.org>';
export const DIGEST = `sha256:${'d'.repeat(64)}`;

export function anEntry(part: Partial<ReviewEntry> = {}): ReviewEntry {
  return {
    id: 'e1',
    kind: 'commented',
    version: '0.2.0',
    digest: DIGEST,
    by: KEN,
    at: minutesAgo(5),
    text: 'Why not C = 5?',
    environment: '',
    people: [],
    case: '',
    cell: null,
    rule: '',
    taken_back: '',
    taken_back_why: '',
    until: '',
    hub: null,
    key: '',
    url: '',
    ...part
  };
}

export function aFinding(part: Partial<Finding> = {}): Finding {
  return {
    rule: 'a rule',
    outcome: 'met',
    reason: '',
    metric: '',
    value: null,
    against: null,
    ...part
  };
}

export function aReviewState(part: Partial<ReviewState> = {}): ReviewState {
  return {
    environment: 'production',
    needed: 1,
    approval: aFinding({ rule: '1 approval', outcome: 'not-met', reason: '0 of 1' }),
    findings: [
      aFinding({ rule: 'all cases passed', reason: 'when 0.2.0 was prepared' }),
      aFinding({
        rule: 'accuracy at least 0.95',
        outcome: 'not-met',
        reason: '0.93, 0.95 is needed'
      })
    ],
    faults: {},
    hub: null,
    policy: 'sha256:rules',
    reasons: [],
    unfit: null,
    waivable: true,
    exceptions: [],
    live: '0.1.0',
    rules: null,
    scoring: null,
    ...part
  };
}

/** A version that Mara asks Ken about, as Ken sees it. */
export function aReview(part: Partial<ReviewPage> = {}): ReviewPage {
  return {
    project: 'digits',
    version: '0.2.0',
    digest: DIGEST,
    commit: 'c'.repeat(40),
    runs: [{ id: '0191-a', suite: 'quality', digest: 'sha256:run' }],
    entries: [
      anEntry({
        id: 'e0',
        kind: 'asked',
        by: MARA,
        people: [KEN],
        environment: 'production',
        text: 'fewer mistakes'
      })
    ],
    new: [],
    environments: [aReviewState()],
    nonce: 'once',
    by: KEN,
    yours: [],
    link: '',
    remotes: { origin: 'https://example.org/digits.git' },
    ...part
  };
}

export function aReviewPreview(part: Partial<ReviewPreview> = {}): ReviewPreview {
  return {
    project: 'digits',
    environment: 'production',
    environments: ['staging', 'production'],
    version: '0.2.0',
    needed: 1,
    people: [
      { name: 'ken@example.org', unfit: '' },
      { name: 'lin@example.org', unfit: 'ran the tests' }
    ],
    asked: [],
    remotes: { origin: 'https://example.org/digits.git' },
    steps: ['Keeps the results of **quality** as evidence on the branch **mlcd/evidence**.'],
    reasons: [],
    ...part
  };
}
