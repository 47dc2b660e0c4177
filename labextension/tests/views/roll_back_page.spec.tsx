import { fireEvent, screen } from '@testing-library/react';
import * as React from 'react';
import { expect, test, vi } from 'vitest';

import type { Live, Preview } from '../../src/api/types';
import { ready } from '../../src/store/remote';
import type { IHost } from '../../src/views/host';
import { type IRollBackPageProps, RollBackPage } from '../../src/views/roll_back_page';
import { show } from '../place';
import { PROJECT, aPreview, aStatus, minutesAgo } from '../samples';

const LIVE: Live = {
  version: '0.3.0',
  digest: `sha256:${'f'.repeat(64)}`,
  since: minutesAgo(30),
  by: 'Ken <ken@example.org>',
  back_from: '',
  why: '',
  rules: '',
  key: 'key-0'
};

function aRollBack(part: Partial<Preview> = {}): Preview {
  const roll_back = { versions: ['0.2.0', '0.1.0'], taken_back: {} };
  return aPreview({ replaces: LIVE, roll_back, type_version: true, ...part });
}

function showPage(
  preview: Preview,
  host: Partial<IHost> = {}
): { confirm: IRollBackPageProps['confirm']; choose: IRollBackPageProps['choose'] } {
  const confirm = vi.fn();
  const choose = vi.fn();
  show(
    <RollBackPage
      project={PROJECT.id}
      environment="production"
      preview={ready(preview)}
      status={ready(aStatus())}
      acts={new Map()}
      choose={choose}
      confirm={confirm}
      close={vi.fn()}
    />,
    host
  );
  return { confirm, choose };
}

function button(): HTMLButtonElement {
  return screen.getByRole('button', { name: 'Roll back production to 0.2.0' });
}

function fill(): void {
  fireEvent.change(screen.getByLabelText('Why (kept in the history)'), {
    target: { value: 'wrong sevens' }
  });
  fireEvent.change(screen.getByLabelText('Type the version to go on'), {
    target: { value: '0.2.0' }
  });
}

test('it says what goes and what comes back', () => {
  showPage(aRollBack());
  expect(screen.getByRole('heading').textContent).toBe('Roll back production from 0.3.0 to 0.2.0');
  expect(document.body.textContent).toContain('0.3.0 is live since 12:55, by Ken');
});

test('without a reason and the version nothing is rolled back', () => {
  const { confirm } = showPage(aRollBack());
  expect(button().disabled).toBe(true);
  fill();
  fireEvent.click(button());
  expect(confirm).toHaveBeenCalledWith(aRollBack(), 'wrong sevens');
});

test('a click of a script rolls nothing back', () => {
  const { confirm } = showPage(aRollBack(), { isByPerson: event => event.isTrusted });
  fill();
  fireEvent.click(button());
  expect(confirm).not.toHaveBeenCalled();
});

test('another version can be chosen', () => {
  const { choose } = showPage(aRollBack());
  fireEvent.change(screen.getByLabelText('What comes back'), { target: { value: '0.1.0' } });
  expect(choose).toHaveBeenCalledWith('0.1.0');
});

test('where it cannot be done the reasons stand in place of the button', () => {
  const reasons = [
    {
      code: 'product-gone',
      text: 'model.txt is gone',
      way_out: '',
      subject: '',
      busy: false,
      url: ''
    } as const
  ];
  showPage(aRollBack({ nonce: '', reasons }));
  expect(screen.getByRole('list', { name: 'Why not yet' }).textContent).toBe(
    'Still to domodel.txt is gone'
  );
  expect(screen.queryByRole('button', { name: /^Roll back/ })).toBeNull();
});

test('a version that was rolled back itself says so', () => {
  const taken = { to: '0.1.0', at: minutesAgo(99), by: 'Ken <k@example.org>', why: 'too slow' };
  showPage(aRollBack({ roll_back: { versions: ['0.2.0'], taken_back: { '0.2.0': taken } } }));
  expect(screen.getByRole('note').textContent).toBe(
    '0.2.0 was rolled back itself, by Ken: too slow'
  );
});
