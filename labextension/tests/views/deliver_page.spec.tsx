import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import { IDLE, pending, ready } from '../../src/store/remote';
import { DeliverPage, type IDeliverPageProps } from '../../src/views/deliver_page';
import type { IHost } from '../../src/views/host';
import { show } from '../place';
import { PROJECT, aDelivery, aPreview, aStatus, minutesAgo } from '../samples';

function showPage(
  part: Partial<IDeliverPageProps> = {},
  host: Partial<IHost> = {}
): ReturnType<typeof show> {
  return show(
    <DeliverPage
      changes={IDLE}
      project={PROJECT.id}
      environment="production"
      preview={ready(aPreview())}
      status={ready(aStatus())}
      delivery={null}
      acts={new Map()}
      close={vi.fn()}
      {...part}
    />,
    host
  );
}

function deliverButton(): HTMLButtonElement {
  return screen.getByRole('button', { name: 'Deliver to production' });
}

test('what will happen is said in plain numbered sentences', () => {
  showPage();
  const steps = within(screen.getByRole('region', { name: 'What will happen' }));
  const [first] = steps.getAllByRole('listitem');
  expect(first?.textContent).toBe('Tags commit 8d01b7a as v0.2.0.');
  expect(first?.querySelector('b')?.textContent).toBe('8d01b7a');
});

test('the text that goes with it is shown before, and only where there is one', () => {
  const name = 'The text that goes with it';
  showPage({ preview: ready(aPreview({ text: '# digits 0.2.0\n\n- accuracy: 0.9 → 0.95' })) });
  expect(screen.getByLabelText(name).textContent).toBe('# digits 0.2.0\n\n- accuracy: 0.9 → 0.95');
  cleanup();
  showPage();
  expect(screen.queryByLabelText(name)).toBeNull();
});

test('a person’s click delivers exactly what the preview showed', () => {
  const host = showPage();
  fireEvent.click(deliverButton());
  expect(host.verbs.deliver).toHaveBeenCalledWith(PROJECT.id, aPreview(), {
    why: '',
    issues: []
  });
});

test('a click of a script delivers nothing', () => {
  const host = showPage({}, { isByPerson: event => event.isTrusted });
  fireEvent.click(deliverButton());
  expect(host.verbs.deliver).not.toHaveBeenCalled();
});

test('where the version must be typed, nothing else opens the way', () => {
  const host = showPage({ preview: ready(aPreview({ type_version: true })) });
  expect(deliverButton().disabled).toBe(true);
  const field = screen.getByRole('textbox', { name: 'Type the version to go on' });
  fireEvent.change(field, { target: { value: '0.2' } });
  expect(deliverButton().disabled).toBe(true);
  fireEvent.change(field, { target: { value: '0.2.0' } });
  fireEvent.click(deliverButton());
  expect(host.verbs.deliver).toHaveBeenCalledTimes(1);
});

test('without a nonce it cannot be delivered', () => {
  showPage({ preview: ready(aPreview({ nonce: '', digest: '' })) });
  expect(screen.queryByRole('button', { name: 'Deliver to production' })).toBeNull();
});

test('while it is asked for again, an older preview confirms nothing', () => {
  showPage({ preview: pending(ready(aPreview())) });
  expect(deliverButton().disabled).toBe(true);
});

test('what is unmet stands there with its reason', () => {
  const preview = aPreview({
    nonce: '',
    findings: [
      {
        rule: 'accuracy better than production by 0.002',
        outcome: 'not-met',
        reason: '0.94 against 0.961 live: 0.021 worse',
        metric: 'accuracy',
        value: 0.94,
        against: 0.961
      }
    ],
    reasons: [
      { code: 'not-met', text: 'a rule is not met', way_out: '', subject: '', busy: false, url: '' }
    ]
  });
  showPage({ preview: ready(preview) });
  expect(screen.getByRole('region', { name: 'Rules' }).textContent).toContain('0.021 worse');
  expect(screen.getByRole('list', { name: 'Why not yet' }).textContent).toContain('not met');
});

test.each([
  ['red', 'not met'],
  ['not-tested', 'not met yet']
])('tests that are %s are marked as %s', (code, mark) => {
  const lines = [
    { name: 'Tests', met: false, words: 'as they are', way_out: '', subject: '' } as const
  ];
  const reasons = [{ code, text: '', way_out: '', subject: '', busy: false, url: '' } as const];
  showPage({ preview: ready(aPreview({ nonce: '', lines, reasons })) });
  const list = within(screen.getByRole('list', { name: 'What was checked' }));
  expect(list.getByRole('img').getAttribute('aria-label')).toBe(mark);
});

test('a refusal is shown in the server’s words and the page stays', () => {
  const problem = { code: 'gone', message: 'the files changed meanwhile', hint: 'Look again.' };
  const acts = new Map([
    [`deliver:${PROJECT.id}:production`, { state: 'failed', problem } as const]
  ]);
  showPage({ acts });
  expect(screen.getByRole('alert').textContent).toContain('the files changed meanwhile');
  expect(deliverButton()).toBeDefined();
});

test('while it is sent it cannot be sent again', () => {
  const acts = new Map([[`deliver:${PROJECT.id}:production`, { state: 'pending' } as const]]);
  showPage({ acts });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Delivering…' }).disabled).toBe(
    true
  );
});

test('afterwards the page tells how it goes on', () => {
  showPage({ delivery: ready(aDelivery()) });
  expect(screen.getByRole('status').textContent).toContain('It goes on without this page');
  expect(screen.queryByRole('button', { name: 'Deliver to production' })).toBeNull();
});

test('a delivery that is done says what is live', () => {
  const delivery = aDelivery({
    state: 'delivered',
    moments: [
      { state: 'requested', at: minutesAgo(2), by: 'Mara', reason: '' },
      { state: 'delivered', at: minutesAgo(1), by: 'Mara', reason: 'it is in releases' }
    ]
  });
  showPage({ delivery: ready(delivery) });
  expect(screen.getByRole('heading', { name: 'digits 0.2.0 is live in production' })).toBeDefined();
  const timeline = within(screen.getByRole('list', { name: 'How it went' }));
  expect(timeline.getAllByRole('listitem')).toHaveLength(2);
});

test('a delivery that failed says why and leads back to a new preview', () => {
  const delivery = aDelivery({ state: 'failed', reason: 'disk full', acts: ['retry'] });
  const host = showPage({ delivery: ready(delivery) });
  expect(screen.getByRole('status').textContent).toContain('disk full');
  fireEvent.click(screen.getByRole('button', { name: 'Look and try again…' }));
  expect(host.verbs.show).toHaveBeenCalledWith(PROJECT.id, 'production');
});

test('expected results that are new stand with who accepted them, and why', () => {
  const accepted = {
    notebook: 'train.ipynb',
    parameters: { seed: 2 },
    cell: 3,
    change: 'modified',
    by: 'Mara Example <mara@example.org>',
    at: minutesAgo(5),
    why: 'a duplicate is gone',
    run: 'run-1'
  } as const;
  const byHand = { ...accepted, cell: 4, by: '', at: '', why: '', run: '' };
  showPage({ preview: ready(aPreview({ accepted: [accepted, byHand] })) });
  const section = within(screen.getByRole('region', { name: 'New expected results' }));
  expect(section.getAllByRole('listitem').map(item => item.textContent)).toEqual([
    'cell 3 of train.ipynb, seed 2, changeda duplicate is goneMara Example, 13:20',
    'cell 4 of train.ipynb, seed 2, changededited by hand'
  ]);
});

test('where no expected result is new nothing is said of them', () => {
  showPage();
  expect(screen.queryByRole('region', { name: 'New expected results' })).toBeNull();
});

test('work items stand under Why, with a link only where it is certain', () => {
  const issues = [
    { name: '#12', url: 'https://github.com/a/b/issues/12', subjects: ['Read sevens (#12)'] },
    { name: 'AB#3', url: '', subjects: ['Faster'] },
    { name: '#9', url: 'javascript:alert(1)', subjects: ['hostile'] }
  ];
  const lines = [
    { name: 'Why', met: true, words: 'Read sevens', way_out: '', subject: '' } as const
  ];
  showPage({ preview: ready(aPreview({ issues, lines })) });
  const list = within(screen.getByRole('list', { name: 'Work items' }));
  expect(list.getAllByRole('listitem').map(one => one.textContent)).toEqual([
    '#12 Read sevens (#12)',
    'AB#3 Faster',
    '#9 hostile'
  ]);
  const [link, ...others] = list.getAllByRole('link');
  expect(link?.getAttribute('href')).toBe('https://github.com/a/b/issues/12');
  expect(link?.getAttribute('rel')).toContain('noopener');
  expect(others).toEqual([]);
});

test('what a person says goes with the delivery', () => {
  const host = showPage();
  fireEvent.change(screen.getByLabelText('Why'), { target: { value: ' fewer mistakes ' } });
  fireEvent.change(screen.getByLabelText('Work items'), { target: { value: '#12, AB#34' } });
  fireEvent.click(deliverButton());
  expect(host.verbs.deliver).toHaveBeenCalledWith(PROJECT.id, aPreview(), {
    why: 'fewer mistakes',
    issues: ['#12', 'AB#34']
  });
});

test('a second attempt says what became of the first', () => {
  const earlier = aDelivery({ state: 'failed', reason: 'disk full' });
  showPage({ preview: ready(aPreview({ attempt: 2, earlier })) });
  expect(screen.getByRole('note').textContent).toContain(
    'This is attempt 2. The one before: failed'
  );
  expect(screen.getByRole('note').textContent).toContain('disk full');
});
