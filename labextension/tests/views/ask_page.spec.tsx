import { fireEvent, screen, waitFor } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { ReviewPreview } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import { AskPage } from '../../src/views/ask_page';
import { peopleOf } from '../../src/views/ask_people';
import type { IHost } from '../../src/views/host';
import { place, show } from '../place';
import { PROJECT, aStatus } from '../samples';
import { aReview, aReviewPreview } from '../samples_review';

function showPage(preview: ReviewPreview, host: Partial<IHost> = {}): IHost {
  return show(
    <AskPage
      project={PROJECT.id}
      environment="production"
      preview={ready(preview)}
      status={ready(aStatus())}
      acts={new Map()}
      choose={vi.fn()}
      close={vi.fn()}
    />,
    host
  );
}

function ask(): HTMLButtonElement {
  return screen.getByRole('button', { name: 'Ask for a review' });
}

function tick(name: string | RegExp): void {
  fireEvent.click(screen.getByRole('checkbox', { name }));
}

const ANSWERING = { ...place().reviews, ask: vi.fn().mockResolvedValue(aReview()) };

test('people are named once, however they are written', () => {
  expect(peopleOf(' a@x, b@x;a@x\n')).toEqual(['a@x', 'b@x']);
});

test('who may approve is suggested, with what stands against it', () => {
  showPage(aReviewPreview());
  const lin = screen.getByRole('checkbox', { name: /^lin@example.org/ });
  expect(lin.parentElement?.textContent).toContain('ran the tests: an approval would not count');
});

test('nobody is asked by nobody', () => {
  const host = showPage(aReviewPreview());
  expect(ask().disabled).toBe(true);
  fireEvent.click(ask());
  expect(host.reviews.ask).not.toHaveBeenCalled();
});

test('it asks those who are ticked and those who are typed, and pushes nothing', async () => {
  const host = showPage(aReviewPreview(), { reviews: { ...ANSWERING } });
  expect(document.body.textContent).toContain('Nothing leaves this machine.');
  tick('ken@example.org');
  fireEvent.change(screen.getByLabelText('Others, by e-mail'), { target: { value: 'eve@x.org' } });
  fireEvent.change(screen.getByLabelText('A word to them'), { target: { value: ' please ' } });
  fireEvent.click(ask());
  expect(host.reviews.ask).toHaveBeenCalledWith(PROJECT.id, {
    environment: 'production',
    people: ['ken@example.org', 'eve@x.org'],
    why: 'please',
    version: '0.2.0'
  });
  await screen.findByRole('heading', { name: 'Asked ken@example.org, eve@x.org to review 0.2.0' });
  expect(document.body.textContent).toContain('Nothing left this machine.');
  expect(host.reviews.share).not.toHaveBeenCalled();
});

test('with consent it is pushed, and what to send is there to be copied', async () => {
  const share = vi.fn().mockResolvedValue({ remote: 'origin', url: 'https://x', came: 0 });
  const host = showPage(aReviewPreview(), { reviews: { ...ANSWERING, share } });
  tick('ken@example.org');
  tick(/^Also push the evidence to origin/);
  expect(document.body.textContent).toContain('Pushes the branch mlcd/evidence to origin');
  fireEvent.click(ask());
  await waitFor(() => {
    expect(document.querySelector('[data-pushed="origin"]')).not.toBeNull();
  });
  expect(share).toHaveBeenCalledExactlyOnceWith(PROJECT.id, 'origin');
  fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
  expect(host.copy).toHaveBeenCalledWith(
    expect.stringContaining('Please review digits 0.2.0 for production.')
  );
  fireEvent.click(screen.getByRole('button', { name: 'See the review' }));
  expect(host.open).toHaveBeenCalledWith({
    kind: 'review',
    project: PROJECT.id,
    version: '0.2.0'
  });
});

test('a push that failed is tried again; it is not asked twice', async () => {
  const share = vi
    .fn()
    .mockResolvedValueOnce(null)
    .mockResolvedValue({ remote: 'origin', url: 'https://x', came: 0 });
  const asking = vi.fn().mockResolvedValue(aReview());
  showPage(aReviewPreview(), { reviews: { ...ANSWERING, ask: asking, share } });
  tick('ken@example.org');
  tick(/^Also push/);
  fireEvent.click(ask());
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await waitFor(() => {
    expect(document.querySelector('[data-pushed="origin"]')).not.toBeNull();
  });
  expect(asking).toHaveBeenCalledOnce();
});

test('a click of a script asks nobody', () => {
  const host = showPage(aReviewPreview(), { isByPerson: event => event.isTrusted });
  tick('ken@example.org');
  fireEvent.click(ask());
  expect(host.reviews.ask).not.toHaveBeenCalled();
});

test('what is missing stands in place of the form, with its way out', () => {
  const reason = {
    code: 'not-tested',
    text: 'quality was not run on these files',
    way_out: 'run',
    subject: 'quality',
    busy: false,
    url: ''
  } as const;
  const host = showPage(aReviewPreview({ reasons: [reason] }));
  expect(screen.queryByRole('button', { name: 'Ask for a review' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: /^Run/ }));
  expect(host.verbs.run).toHaveBeenCalledWith(PROJECT.id, { suite: 'quality' });
});

test('whom one began to name is still there after a reload', () => {
  const drafts = {
    read: (where: string) => (where === `ask-people:${PROJECT.id}` ? 'ken@example.org, a@x' : ''),
    write: vi.fn()
  };
  showPage(aReviewPreview(), { drafts });
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'ken@example.org' }).checked).toBe(
    true
  );
  expect(screen.getByLabelText<HTMLInputElement>('Others, by e-mail').value).toBe('a@x');
});

test('without a remote it says who can review it', () => {
  showPage(aReviewPreview({ remotes: {}, people: [] }));
  expect(document.body.textContent).toContain('There is no git remote');
  expect(document.body.textContent).toContain('Nobody else may approve yet');
});

test('the link to the hub goes along only where it was pushed', async () => {
  const link = 'https://github.com/us/digits/tree/mlcd/evidence/releases/digits/0.2.0';
  const asking = vi.fn().mockResolvedValue(aReview({ link }));
  const share = vi.fn().mockResolvedValue({ remote: 'origin', url: 'https://x', came: 0 });
  showPage(aReviewPreview(), { reviews: { ...ANSWERING, ask: asking, share } });
  tick('ken@example.org');
  tick(/^Also push/);
  fireEvent.click(ask());
  const words = await screen.findByLabelText('What to send', { selector: 'pre' });
  expect(words.textContent).toContain(link);
});

test('it is told in one place by one click, and what failed says why', async () => {
  const tell = vi.fn().mockResolvedValue([
    { where: 'pull request 12', url: '', problem: '' },
    { where: '#34', url: '', problem: 'it is closed' }
  ]);
  showPage(aReviewPreview(), { reviews: { ...ANSWERING, tell } });
  tick('ken@example.org');
  fireEvent.click(ask());
  fireEvent.click(await screen.findByRole('button', { name: 'Below the pull request' }));
  await waitFor(() => {
    expect(document.querySelector('[data-told="pull request 12"]')).not.toBeNull();
  });
  expect(document.querySelector('[data-told="#34"]')?.textContent).toContain('it is closed');
  expect(tell).toHaveBeenCalledExactlyOnceWith(PROJECT.id, '0.2.0', 'pull-request');
});
