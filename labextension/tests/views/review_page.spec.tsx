import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import * as React from 'react';
import { beforeEach, expect, test, vi } from 'vitest';

import type { ReviewPage } from '../../src/api/types';
import { actName } from '../../src/store/acts';
import { IDLE, failed, pending, ready } from '../../src/store/remote';
import type { Act } from '../../src/store/store';
import type { IHost } from '../../src/views/host';
import { ReviewView } from '../../src/views/review_page';
import { place, show } from '../place';
import { PROJECT, aManifest, aStatus, evidenceLine, minutesAgo } from '../samples';
import { aReading } from '../samples_changes';
import { DIGEST, KEN, MARA, aFinding, aReview, aReviewState, anEntry } from '../samples_review';

beforeEach(() => {
  // A page of jsdom is not scrolled.
  Element.prototype.scrollIntoView = vi.fn();
});

interface IShown {
  readonly acts?: ReadonlyMap<string, Act>;
  readonly elsewhere?: string;
  readonly look?: () => void;
  readonly isAskedAgain?: boolean;
}

function showReview(
  page: ReviewPage,
  host: Partial<IHost> = {},
  { acts = new Map(), look = vi.fn(), isAskedAgain = false, ...more }: IShown = {}
): IHost {
  const known = ready(page);
  return show(
    <ReviewView
      project={PROJECT.id}
      version="0.2.0"
      review={isAskedAgain ? pending(known) : known}
      status={ready(aStatus())}
      evidence={ready([evidenceLine(), evidenceLine({ id: 'run-0', versions: ['0.1.0'] })])}
      run="run-1"
      release={IDLE}
      manifest={ready(aManifest())}
      reading={aReading({ look })}
      acts={acts}
      chooseRun={vi.fn()}
      {...more}
    />,
    host
  );
}

function rules(): HTMLElement {
  return screen.getByRole('region', { name: 'Rules for production' });
}

function said(): HTMLElement {
  return screen.getByRole('region', { name: 'What people said' });
}

function button(name: string | RegExp): HTMLButtonElement {
  return screen.getByRole('button', { name });
}

const SEEN = {
  version: '0.2.0',
  digest: DIGEST,
  nonce: 'once',
  environment: 'production',
  policy: 'sha256:rules'
};

// ------------------------------------------------------------------------------ what is asked

test('it says who asks whom for what, and who ran it', () => {
  showReview(aReview());
  const words = document.body.textContent;
  expect(words).toContain('Mara Example asks you to review it for production');
  expect(words).toContain('fewer mistakes');
  expect(words).toContain('not by you');
});

test('what is not there has a way to look again', () => {
  const refresh = vi.fn();
  show(
    <ReviewView
      project={PROJECT.id}
      version="9.9.9"
      review={failed({ code: 'not-found', message: '9.9.9 was not prepared yet' }, IDLE)}
      status={ready(aStatus())}
      evidence={ready([])}
      run=""
      release={IDLE}
      manifest={IDLE}
      reading={aReading()}
      acts={new Map()}
      chooseRun={vi.fn()}
    />,
    { refresh }
  );
  expect(screen.getByRole('alert').textContent).toContain('9.9.9 was not prepared yet');
  fireEvent.click(button('Try again'));
  expect(refresh).toHaveBeenCalledOnce();
});

// ------------------------------------------------------------------------------- the rules

test('a rule by exception says by whom, until when and why', () => {
  const words = 'excepted by Ken until 1 Dec 2026: First try';
  const finding = aFinding({
    rule: 'accuracy at least 0.95',
    outcome: 'excepted',
    reason: `0.93, 0.95 is needed; ${words}`
  });
  const [met] = aReviewState().findings;
  const state = aReviewState({ findings: met ? [met, finding] : [], exceptions: [words] });
  showReview(aReview({ environments: [state] }));
  expect(rules().textContent).toContain(`1 of 2 rules met, 1 ${words}`);
  expect(within(rules()).getByRole('img', { name: 'excepted' })).toBeDefined();
});

test('an exception that is over is still told', () => {
  const entry = anEntry({
    kind: 'waived',
    environment: 'production',
    rule: 'accuracy at least 0.95',
    text: 'First try',
    until: minutesAgo(60 * 24 * 40)
  });
  const state = aReviewState({ faults: { e1: 'it expired on 15 Oct 2026' } });
  showReview(aReview({ entries: [entry], environments: [state] }));
  expect(said().textContent).toContain('excepts it in production from “accuracy at least 0.95”');
  expect(said().textContent).toContain('First try');
  expect(said().textContent).toContain('does not count: it expired on 15 Oct 2026');
});

const FAULTS = {
  'own-run': 'it is by who ran the tests',
  'own-commit': 'it is by who wrote some of what is new',
  'other-environment': 'it is for staging',
  expired: 'it expired on 1 Jan 2026',
  forged: 'it was signed by ken@example.org',
  'untrusted-key': 'nobody who may approve has the key that signed it',
  unsigned: 'it is not signed',
  withdrawn: 'the rules of production changed since'
};

test.each(Object.entries(FAULTS))('an approval that does not count says why: %s', (_, words) => {
  const entry = anEntry({ kind: 'approved', environment: 'production', text: '' });
  const state = aReviewState({ faults: { e1: words } });
  showReview(aReview({ entries: [entry], environments: [state] }));
  expect(said().textContent).toContain(`does not count: ${words}`);
  expect(said().querySelector('[data-shape="passed"]')).toBeNull();
});

test('an approval of other bytes stands among the reasons, with its own', () => {
  const text = 'the approval of Ken does not count: it is for other bytes, 0.1.0';
  const reason = {
    code: 'other-bytes',
    text,
    way_out: '',
    subject: '',
    busy: false,
    url: ''
  } as const;
  showReview(aReview({ environments: [aReviewState({ reasons: [reason] })] }));
  expect(rules().querySelector('[data-reason="other-bytes"]')?.textContent).toContain(text);
});

test('in another environment it is not told that an approval is for this one', () => {
  const entry = anEntry({ kind: 'approved', environment: 'production' });
  const staging = aReviewState({
    environment: 'staging',
    needed: 0,
    faults: { e1: 'it is for production' }
  });
  showReview(aReview({ entries: [entry], environments: [staging, aReviewState()] }));
  expect(said().textContent).not.toContain('does not count');
});

// ---------------------------------------------------------------------------- saying yes and no

test('an approval is confirmed in its sheet and bound to what is shown', () => {
  const host = showReview(aReview());
  fireEvent.click(button('Approve 0.2.0 for production…'));
  const sheet = screen.getByRole('dialog', { name: 'Approve 0.2.0 for production' });
  expect(sheet.textContent).toContain('Signs with your SSH key, as Ken');
  expect(sheet.textContent).toContain('Nothing leaves this machine');
  fireEvent.change(within(sheet).getByLabelText('A word with it'), { target: { value: ' fine ' } });
  fireEvent.click(within(sheet).getByRole('button', { name: 'Approve 0.2.0 for production' }));
  expect(host.reviews.approve).toHaveBeenCalledExactlyOnceWith(PROJECT.id, SEEN, 'fine');
});

test('a click of a script approves nothing', () => {
  const host = showReview(aReview(), { isByPerson: event => event.isTrusted });
  fireEvent.click(button('Approve 0.2.0 for production…'));
  fireEvent.click(button('Approve 0.2.0 for production'));
  expect(host.reviews.approve).not.toHaveBeenCalled();
});

test('while it is being asked for again nothing is confirmed', () => {
  showReview(aReview(), {}, { isAskedAgain: true });
  fireEvent.click(button('Approve 0.2.0 for production…'));
  expect(button('Approve 0.2.0 for production').disabled).toBe(true);
});

test('what was refused says why in its sheet, and what was typed is still there', () => {
  const name = actName.review(PROJECT.id, '0.2.0', 'approve');
  const problem = {
    code: 'rules-changed',
    message: 'the rules of production are not those you looked at'
  };
  const drafts = { read: (where: string) => (where === name ? 'fine now' : ''), write: vi.fn() };
  showReview(aReview(), { drafts }, { acts: new Map([[name, { state: 'failed', problem }]]) });
  fireEvent.click(button('Approve 0.2.0 for production…'));
  expect(screen.getByRole('alert').textContent).toContain(problem.message);
  expect(screen.getByLabelText<HTMLTextAreaElement>('A word with it').value).toBe('fine now');
});

test.each([
  ['own-run', 'you ran the tests: somebody else has to approve'],
  ['own-commit', 'you wrote some of what is new: somebody else has to approve'],
  ['no-signing-key', 'git is not told which SSH key signs for you'],
  ['untrusted-key', 'nobody who may approve has your key'],
  ['forged', 'your key is that of lin@example.org, but git calls you Ken <ken@example.org>'],
  ['duties-unknown', 'it cannot be told who ran and wrote what is released']
])('what would not count is said in place of the button: %s', (code, text) => {
  const unfit = { code, text, way_out: '', subject: '', busy: false, url: '' } as const;
  showReview(aReview({ environments: [aReviewState({ unfit, waivable: false })] }));
  expect(screen.queryByRole('button', { name: /^Approve/ })).toBeNull();
  expect(screen.queryByRole('button', { name: /^Except/ })).toBeNull();
  expect(document.querySelector(`[data-unfit="${code}"]`)?.textContent).toContain(text);
  expect(button('Request changes…')).toBeDefined();
});

test('the commands that tell git of a key are copied', () => {
  const unfit = {
    code: 'no-signing-key',
    text: 'git is not told',
    way_out: '',
    subject: '',
    busy: false,
    url: ''
  } as const;
  const host = showReview(aReview({ environments: [aReviewState({ unfit })] }));
  fireEvent.click(button('Copy the commands'));
  expect(host.copy).toHaveBeenCalledWith(expect.stringContaining('gpg.format ssh'));
});

test('an environment that asks for no approval has no button for one', () => {
  showReview(aReview({ environments: [aReviewState({ needed: 0, approval: null })] }));
  expect(rules().textContent).toContain('production asks for no approval.');
  expect(screen.queryByRole('button', { name: /^Approve/ })).toBeNull();
});

test('changes are requested with a reason, and not without', () => {
  const host = showReview(aReview());
  fireEvent.click(button('Request changes…'));
  expect(button('Request changes').disabled).toBe(true);
  fireEvent.change(screen.getByLabelText('What has to change'), { target: { value: 'a seed' } });
  fireEvent.click(button('Request changes'));
  const seen = { version: '0.2.0', digest: DIGEST, nonce: 'once' };
  expect(host.reviews.reject).toHaveBeenCalledExactlyOnceWith(PROJECT.id, seen, 'a seed');
});

test('an exception has a rule, a reason and an end', () => {
  const host = showReview(aReview());
  fireEvent.click(button('Except from: accuracy at least 0.95'));
  expect(button('Except it').disabled).toBe(true);
  fireEvent.change(screen.getByLabelText('Why'), { target: { value: 'first try' } });
  fireEvent.change(screen.getByLabelText('Until, at most a year'), {
    target: { value: '2026-12-01' }
  });
  fireEvent.click(button('Except it'));
  const exception = { rule: 'accuracy at least 0.95', why: 'first try', until: '2026-12-01' };
  expect(host.reviews.waive).toHaveBeenCalledExactlyOnceWith(PROJECT.id, SEEN, exception);
});

test('one takes back only what one said, and only once', () => {
  const entries = [
    anEntry({ id: 'mine', text: 'hm' }),
    anEntry({ id: 'gone', text: 'no', taken_back: minutesAgo(1), taken_back_why: 'I see' }),
    anEntry({ id: 'theirs', by: MARA })
  ];
  const host = showReview(aReview({ entries, yours: ['mine', 'gone'] }));
  expect(said().textContent).toContain('taken back: I see');
  fireEvent.click(button('Take back: comment'));
  fireEvent.click(button('Take it back'));
  const seen = { version: '0.2.0', digest: DIGEST, nonce: 'once' };
  expect(host.reviews.takeBack).toHaveBeenCalledExactlyOnceWith(PROJECT.id, seen, 'mine', '');
});

test('where nothing can be said it is told where it can', () => {
  showReview(aReview({ yours: ['e0'] }), {}, { elsewhere: 'Approve in the `panel`.' });
  expect(rules().textContent).toContain('Approve in the panel.');
  for (const name of [/^Approve/, /^Request/, /^Comment/, /^Take back/, /^Exchange/, /^Except/]) {
    expect(screen.queryByRole('button', { name })).toBeNull();
  }
});

// -------------------------------------------------------------------------------- on a hub

test('where a hub counts it is asked by a click', () => {
  const host = showReview(aReview({ environments: [aReviewState({ hub: 'github' })] }));
  expect(rules().textContent).toContain('Who approves the pull request on GitHub counts here too.');
  fireEvent.click(button('Ask GitHub now'));
  expect(host.reviews.collect).toHaveBeenCalledExactlyOnceWith(PROJECT.id, 'production', '0.2.0');
});

test('what was said on a hub leads there, by an address that is one', () => {
  const url = 'https://github.com/us/digits/pull/12#review';
  const yes = anEntry({ kind: 'approved', environment: 'production', hub: 'github', url });
  const odd = anEntry({ ...yes, id: 'e2', url: 'javascript:alert(1)' });
  showReview(aReview({ entries: [yes, odd] }));
  const links = within(said()).getAllByRole<HTMLAnchorElement>('link');
  expect(links.map(link => link.href)).toEqual([url]);
});

test('the report for people without Jupyter is a page of its own', () => {
  const host = showReview(aReview());
  fireEvent.click(button('Report'));
  const view = { kind: 'report', project: PROJECT.id, run: '', version: '0.2.0' };
  expect(host.open).toHaveBeenCalledWith(view);
});

// --------------------------------------------------------------------- since one last looked

function remembering(looked: object[], heard: string[] = []): IHost['marks'] {
  return {
    read: key => (key.startsWith('looked ') ? looked.map(one => JSON.stringify(one)) : heard),
    write: vi.fn()
  };
}

const BEFORE = {
  version: '0.1.0',
  digest: 'sha256:before',
  at: minutesAgo(60),
  runs: { quality: 'run-0' }
};

test('what changed since one last looked is one click away', () => {
  const look = vi.fn();
  const marks = remembering([BEFORE]);
  showReview(aReview(), { marks }, { look });
  expect(document.body.textContent).toContain('You last looked at 0.1.0, 12:25.');
  fireEvent.click(button('What changed since 0.1.0'));
  expect(look).toHaveBeenCalledWith({ against: 'run-0' });
});

test('that this version was looked at is remembered, for this person', () => {
  const marks = remembering([BEFORE]);
  showReview(aReview(), { marks });
  const [key, kept] = vi.mocked(marks.write).mock.calls[0] ?? [];
  expect(key).toBe(`looked ${PROJECT.id} ${KEN}`);
  expect(kept?.map(one => (JSON.parse(one) as typeof BEFORE).version)).toEqual(['0.1.0', '0.2.0']);
});

test('at the second look only what was said since is new', () => {
  const entries = [anEntry({ id: 'old', by: MARA }), anEntry({ id: 'fresh', by: MARA })];
  const marks = remembering([{ ...BEFORE, digest: DIGEST, version: '0.2.0' }], ['old']);
  showReview(aReview({ entries, new: ['old', 'fresh'] }), { marks });
  const tagged = [...said().querySelectorAll('[data-entry]')].map(one =>
    one.textContent?.includes('new')
  );
  expect(tagged).toEqual([false, true]);
  expect(document.body.textContent).toContain('1 new word since you last looked.');
});

test('at the first look what the server calls new is', () => {
  showReview(aReview({ new: ['e0'] }));
  expect(said().textContent).toContain('new');
  expect(document.querySelector('[data-since]')).toBeNull();
});

// ------------------------------------------------------------------------------- the words

const CELL = anEntry({ case: 'train.ipynb[seed=1]', cell: 2 });

test('a comment on a cell stands beside it, and the list leads there', () => {
  const look = vi.fn();
  showReview(aReview({ entries: [CELL] }), {}, { look });
  const words = screen.getByRole('list', { name: /^Comments on cell/ });
  expect(words.textContent).toContain('Why not C = 5?');
  const link = within(said()).getByRole('button', { name: /train.ipynb, seed 1/ });
  fireEvent.click(link);
  expect(look).toHaveBeenCalledWith({ chosen: 1 });
});

test('the key C opens the box of a cell, and Ctrl+Enter sends it', async () => {
  const comment = vi.fn().mockResolvedValue(aReview());
  const { reviews } = place();
  const host = showReview(aReview(), { reviews: { ...reviews, comment } });
  const [cell] = screen.getAllByRole('region', { name: /^Change 1 of 2/ });
  if (!cell) {
    throw new Error('there is no cell');
  }
  fireEvent.keyDown(cell, { key: 'c' });
  const box = within(cell).getByRole('textbox');
  expect(document.activeElement).toBe(box);
  fireEvent.change(box, { target: { value: 'Why?' } });
  fireEvent.keyDown(box, { key: 'Enter', ctrlKey: true });
  const position = Number(cell.dataset.cell);
  const remark = { text: 'Why?', case: 'train.ipynb[seed=1]', cell: position };
  expect(comment).toHaveBeenCalledExactlyOnceWith(PROJECT.id, '0.2.0', remark);
  await waitFor(() => {
    expect(within(cell).queryByRole('textbox')).toBeNull();
  });
  expect(host.reviews.share).not.toHaveBeenCalled();
});

test('a word that could not be sent is kept, says so, and is tried again', () => {
  const about = { case: '', cell: null };
  const name = actName.comment(PROJECT.id, '0.2.0', about);
  const drafts = { read: (where: string) => (where === name ? 'hm' : ''), write: vi.fn() };
  const problem = { code: 'offline', message: 'The server does not answer.' };
  const host = showReview(
    aReview(),
    { drafts },
    { acts: new Map([[name, { state: 'failed', problem }]]) }
  );
  expect(said().textContent).toContain('Not sent yet: The server does not answer.');
  fireEvent.click(within(said()).getByRole('button', { name: 'Try again' }));
  const remark = { ...about, text: 'hm' };
  expect(host.reviews.comment).toHaveBeenCalledWith(PROJECT.id, '0.2.0', remark);
  expect(drafts.write).not.toHaveBeenCalled();
});

test('a draft that an earlier page left behind is there, with its box open', () => {
  const about = { case: 'train.ipynb[seed=1]', cell: null };
  const name = actName.comment(PROJECT.id, '0.2.0', about);
  const drafts = { read: (where: string) => (where === name ? 'half a w' : ''), write: vi.fn() };
  showReview(aReview(), { drafts });
  const box = screen.getByRole('textbox', { name: 'Comment on train.ipynb, seed 1' });
  expect((box as HTMLTextAreaElement).value).toBe('half a w');
  expect(document.body.textContent).toContain('Not sent yet');
});

// ------------------------------------------------------------------------------ the remote

test('it says what an exchange pushes before it does', async () => {
  const share = vi.fn().mockResolvedValue({ remote: 'origin', url: 'https://x', came: 3 });
  const { reviews } = place();
  showReview(aReview(), { reviews: { ...reviews, share } });
  fireEvent.click(button('Exchange with origin…'));
  const words = screen.getByRole('group', { name: 'Exchange' });
  expect(words.textContent).toContain('Pushes the branch mlcd/evidence to https://example.org');
  fireEvent.click(button('Exchange now'));
  expect(share).toHaveBeenCalledExactlyOnceWith(PROJECT.id, 'origin');
  await waitFor(() => {
    expect(words.textContent).toContain('3 entries of others came');
  });
});

test('words go out by themselves only where somebody said so', async () => {
  const write = vi.fn();
  const drafts = {
    read: (where: string) => (where.startsWith('share-with') ? 'origin' : ''),
    write
  };
  const comment = vi.fn().mockResolvedValue(aReview());
  const { reviews } = place();
  const host = showReview(aReview(), { drafts, reviews: { ...reviews, comment } });
  const consent = screen.getByRole<HTMLInputElement>('checkbox', { name: /after each word/ });
  expect(consent.checked).toBe(true);
  const box = screen.getByRole('textbox', { name: 'Comment on 0.2.0' });
  fireEvent.change(box, { target: { value: 'hm' } });
  fireEvent.click(within(said()).getByRole('button', { name: 'Comment' }));
  await waitFor(() => {
    expect(host.reviews.share).toHaveBeenCalledExactlyOnceWith(PROJECT.id, 'origin');
  });
  fireEvent.click(consent);
  expect(write).toHaveBeenLastCalledWith(`share-with:${PROJECT.id}`, '');
});

test('without a remote there is nothing to exchange with', () => {
  showReview(aReview({ remotes: {} }));
  expect(screen.queryByRole('button', { name: /^Exchange/ })).toBeNull();
  expect(screen.queryByRole('checkbox', { name: /after each word/ })).toBeNull();
});
