/** A place for views that writes down what was asked of it. */
import { nullTranslator } from '@jupyterlab/translation';
import { cleanup, configure, render } from '@testing-library/react';
import * as React from 'react';
import { afterEach, vi } from 'vitest';

import { HostContext, type IHost } from '../src/views/host';
import { NOW } from './samples';

afterEach(cleanup);

// What is waited for comes at once; the limit is for machines that do much else.
configure({ asyncUtilTimeout: 4000 });

export const trans = nullTranslator.load('jupyter_mlcd');

export function place(part: Partial<IHost> = {}): IHost {
  return {
    trans,
    verbs: {
      run: vi.fn().mockResolvedValue(null),
      cancel: vi.fn().mockResolvedValue(null),
      keep: vi.fn().mockResolvedValue(true),
      accept: vi.fn().mockResolvedValue(null),
      setUp: vi.fn().mockResolvedValue(null),
      commit: vi.fn().mockResolvedValue(null),
      deliver: vi.fn().mockResolvedValue(null),
      rollBack: vi.fn().mockResolvedValue(null),
      scoreLive: vi.fn().mockResolvedValue(true),
      follow: vi.fn().mockResolvedValue(null),
      lookAgain: vi.fn().mockResolvedValue(undefined),
      show: vi.fn(),
      forget: vi.fn()
    },
    reviews: {
      ask: vi.fn().mockResolvedValue(null),
      tell: vi.fn().mockResolvedValue(null),
      collect: vi.fn().mockResolvedValue(null),
      share: vi.fn().mockResolvedValue(null),
      comment: vi.fn().mockResolvedValue(null),
      reject: vi.fn().mockResolvedValue(null),
      approve: vi.fn().mockResolvedValue(null),
      waive: vi.fn().mockResolvedValue(null),
      takeBack: vi.fn().mockResolvedValue(null)
    },
    tidying: {
      allow: vi.fn().mockResolvedValue(null),
      erase: vi.fn().mockResolvedValue(null),
      prune: vi.fn().mockResolvedValue(null)
    },
    watching: {
      start: vi.fn().mockResolvedValue(true),
      stop: vi.fn().mockResolvedValue(true),
      hold: vi.fn().mockResolvedValue(true),
      lift: vi.fn().mockResolvedValue(true),
      check: vi.fn().mockResolvedValue(true)
    },
    now: () => NOW,
    isByPerson: () => true,
    open: vi.fn(),
    openFile: vi.fn(),
    choose: vi.fn(),
    refresh: vi.fn(),
    verify: vi.fn(),
    picture: vi.fn().mockRejectedValue(new Error('nobody has it')),
    marks: { read: () => [], write: vi.fn() },
    drafts: { read: () => '', write: vi.fn() },
    copy: vi.fn(),
    ci: {
      preview: vi.fn().mockRejectedValue(new Error('nobody is asked')),
      start: vi.fn().mockRejectedValue(new Error('nobody is asked')),
      look: vi.fn().mockRejectedValue(new Error('nobody is asked'))
    },
    rehearse: vi.fn().mockResolvedValue([]),
    inCommands: vi.fn().mockResolvedValue([]),
    ...part
  };
}

/** Show a view, in a widget's node where one is given; answers the place it is in. */
export function show(
  view: React.ReactElement,
  part: Partial<IHost> = {},
  container?: HTMLElement
): IHost {
  const host = place(part);
  render(<HostContext.Provider value={host}>{view}</HostContext.Provider>, {
    ...(container && { container })
  });
  return host;
}
