/** Findings, plans and tombstones for tests. */
import type {
  Allowance,
  ErasurePlan,
  FoundPersonal,
  FoundSecret,
  PersonalFinding,
  Pruned,
  SecretFinding,
  SecretsFound
} from '../src/api/types';

export function aFinding(part: Partial<SecretFinding> = {}): SecretFinding {
  return {
    file: 'notebooks/000-train.ipynb',
    cell: 2,
    output: 0,
    rule: 'github-token',
    sample: 'ghp_…',
    fingerprint: 'f1',
    ...part
  };
}

export function aSecret(
  number = 1,
  finding: Partial<SecretFinding> = {},
  allowance: Allowance | null = null
): FoundSecret {
  return { number, finding: aFinding(finding), case: 0, name: 'train.ipynb', source: 2, allowance };
}

export const ALLOWED: Allowance = {
  rule: 'github-token',
  reason: 'of the manual',
  until: '2026-12-31T23:59:59.999999Z',
  by: 'Ken <ken@example.org>',
  fingerprint: 'f1',
  place: ''
};

export function someSecrets(
  findings: readonly FoundSecret[] = [aSecret()],
  part: Partial<SecretsFound> = {}
): SecretsFound {
  return {
    run: 'run-1',
    suite: 'quality',
    findings: [...findings],
    redacts: false,
    by: 'Mara Example <mara@example.org>',
    nonce: 'n',
    personal: [],
    ...part
  };
}

export function aPersonalTable(part: Partial<PersonalFinding> = {}): FoundPersonal {
  const finding = {
    file: 'notebooks/000-train.ipynb',
    cell: 2,
    output: 0,
    kinds: ['name', 'e-mail address'],
    rows: 12,
    ...part
  };
  return { finding, case: 0, name: 'train.ipynb', source: 2 };
}

export function aPlan(part: Partial<ErasurePlan> = {}): ErasurePlan {
  return {
    run: '01a22418-3918-7726-bd7a-a0c72865453f',
    suite: 'quality',
    files: [{ name: 'model.joblib', sha256: 'a'.repeat(64), size: 55_700 }],
    here: ['a'.repeat(64)],
    draft: true,
    needed: [],
    shared: [],
    in_git: 7,
    signed: null,
    nonce: 'n',
    ...part
  };
}

export function aCleaning(part: Partial<Pruned> = {}): Pruned {
  return {
    drafts: [{ run: 'r', size: 2_000_000 }],
    files: [{ sha256: 'a'.repeat(64), size: 500_000, idle: 7200 }],
    leftovers: 0,
    stay_drafts: 4,
    stay_files: 9,
    stay_bytes: 1_000_000,
    days: 30,
    dry_run: true,
    nonce: 'n',
    ...part
  };
}
