import { fireEvent, screen, within } from '@testing-library/react';
import * as React from 'react';
import { expect, test } from 'vitest';

import type { DeliverOffer, Status } from '../../src/api/types';
import { IDLE, failed, pending, ready } from '../../src/store/remote';
import type { Act } from '../../src/store/store';
import { type IPanelProps, Panel } from '../../src/views/panel';
import { show } from '../place';
import {
  PROJECT,
  aCase,
  aDelivery,
  aFlakyCase,
  aGoingRun,
  aRedCase,
  aRun,
  aStatus,
  evidenceLine,
  minutesAgo
} from '../samples';

const NO_ACTS = new Map<string, Act>();

function showStatus(
  part: Partial<Status> = {},
  rest: Partial<IPanelProps> = {}
): ReturnType<typeof show> {
  const props = { projects: ready([PROJECT]), status: ready(aStatus(part)), acts: NO_ACTS };
  return show(<Panel {...props} {...rest} />);
}

/** The suite of the sample with another run. */
function suitesWith(run: ReturnType<typeof aRun>): Status['suites'] {
  return aStatus().suites.map(suite => ({ ...suite, run }));
}

test('it says where I am: branch, short commit, committed, tested', () => {
  showStatus();
  expect(document.body.textContent).toContain('main · 4f2c9e1 · committed · tested 13:25, 1 of 1');
});

test('files that are not committed are counted', () => {
  const { place } = aStatus();
  showStatus({ place: { ...place, dirty: { 'train.ipynb': 'modified' } } });
  expect(screen.getByText('1 file not committed').title).toBe('train.ipynb');
});

test('the strip says of each step how it stands, not by colour alone', () => {
  showStatus();
  const strip = screen.getByRole('list', { name: 'How far along' });
  const [why, , tests] = within(strip).getAllByRole('listitem');
  expect(why?.getAttribute('aria-label')).toBe('Why: done. A careful first model');
  expect(tests?.getAttribute('aria-current')).toBe('step');
});

test('Deliver opens the page and delivers nothing', () => {
  const host = showStatus();
  fireEvent.click(screen.getByRole('button', { name: 'Deliver 0.2.0 to production…' }));
  expect(host.open).toHaveBeenCalledWith({
    kind: 'deliver',
    project: PROJECT.id,
    environment: 'production'
  });
  expect(host.verbs.deliver).not.toHaveBeenCalled();
});

const NOT_READY: DeliverOffer = {
  environment: 'production',
  version: '0.2.0',
  label: 'Deliver 0.2.0 to production',
  ready: false,
  findings: [],
  note: '',
  reasons: [
    { code: 'running', text: 'tests are running', way_out: '', subject: '', busy: true, url: '' },
    {
      code: 'red',
      text: '1 case failed',
      way_out: 'see-run',
      subject: 'run-1',
      busy: false,
      url: ''
    },
    {
      code: 'uncommitted',
      text: 'train.ipynb is not committed',
      way_out: 'commit',
      subject: '',
      busy: false,
      url: ''
    }
  ]
};

test('where it cannot be delivered, every reason stands in its place', () => {
  showStatus({ deliver: NOT_READY });
  const button = screen.getByRole('button', { name: 'Deliver 0.2.0 to production' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  const reasons = within(screen.getByRole('list', { name: 'Why not yet' }));
  expect(reasons.getAllByRole('img').map(mark => mark.getAttribute('aria-label'))).toEqual([
    'Under way',
    'Not met',
    'Still to do'
  ]);
});

test('a button that is greyed opens nothing', () => {
  const host = showStatus({ deliver: NOT_READY });
  fireEvent.click(screen.getByRole('button', { name: 'Deliver 0.2.0 to production' }));
  expect(host.open).not.toHaveBeenCalled();
});

test('each reason has its way out', () => {
  const host = showStatus({ deliver: NOT_READY });
  fireEvent.click(screen.getByRole('button', { name: /^See: 1 case failed/ }));
  fireEvent.click(screen.getByRole('button', { name: /^Commit…: train/ }));
  expect(host.open).toHaveBeenNthCalledWith(1, {
    kind: 'run',
    project: PROJECT.id,
    run: 'run-1'
  });
  expect(host.open).toHaveBeenNthCalledWith(2, { kind: 'commit', project: PROJECT.id });
});

test('what is live stands with its version, its first score and its age', () => {
  showStatus();
  const live = screen.getByRole('region', { name: 'Where it is live' });
  expect(live.textContent).toContain('production 0.1.3');
  expect(live.textContent).toContain('accuracy 0.961 · 6 days');
});

test('a failed delivery is not hidden', () => {
  const environments = aStatus().environments.map(one => ({
    ...one,
    delivery: aDelivery({ state: 'failed', reason: 'disk full' })
  }));
  showStatus({ environments });
  expect(screen.getByText('0.2.0 failed: disk full')).toBeDefined();
});

test('a run ticks: count, end, progress, the cell of each case', () => {
  showStatus({ suites: suitesWith(aGoingRun()) });
  const suites = screen.getByRole('region', { name: 'Suites' });
  expect(suites.textContent).toContain('1 of 3 · about 13:26');
  expect(suites.textContent).toContain('cell 5 of 11');
  expect(suites.textContent).toContain('after train');
  const bar = screen.getByRole('progressbar', { name: 'Progress of quality' });
  expect(bar.getAttribute('aria-valuenow')).toBe('45');
});

test('a run that goes on can be cancelled and not started again', () => {
  const host = showStatus({ suites: suitesWith(aGoingRun()) });
  fireEvent.click(screen.getByRole('button', { name: 'Cancel the run of quality' }));
  expect(host.verbs.cancel).toHaveBeenCalledWith(PROJECT.id, 'run-1');
  expect(screen.queryByRole('button', { name: 'Run quality' })).toBeNull();
});

test('a red case shows its cell and its reason without a click', () => {
  showStatus({ suites: suitesWith(aRun({ verdict: 'failed', cases: [aRedCase()] })) });
  expect(screen.getByText('cell 3')).toBeDefined();
  expect(screen.getByText('stdout differs')).toBeDefined();
});

test('the cases of a green run are folded until asked for', () => {
  showStatus();
  expect(screen.queryByRole('list', { name: 'Cases' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Cases of quality' }));
  expect(screen.getByRole('list', { name: 'Cases' }).textContent).toContain('train seed=1');
});

test('a run that has ended can be kept', () => {
  const host = showStatus();
  fireEvent.click(screen.getByRole('button', { name: 'Keep the run of quality' }));
  expect(host.verbs.keep).toHaveBeenCalledWith(PROJECT.id, 'run-1');
});

test('a run that is kept is not offered to be kept again', () => {
  showStatus({ suites: suitesWith(aRun({ kept: true })) });
  expect(screen.queryByRole('button', { name: 'Keep the run of quality' })).toBeNull();
});

test('a button whose act is under way cannot be pressed twice', () => {
  const acts = new Map<string, Act>([[`run:${PROJECT.id}:quality`, { state: 'pending' }]]);
  showStatus({}, { acts });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run quality' }).disabled).toBe(
    true
  );
});

test('a refused act says why, and can be taken off the screen', () => {
  const name = `keep:${PROJECT.id}:run-1`;
  const problem = {
    code: 'secret-found',
    message: 'this looks like a secret',
    hint: 'Take it out.'
  };
  const acts = new Map<string, Act>([[name, { state: 'failed', problem }]]);
  const host = showStatus({}, { acts });
  expect(screen.getByRole('alert').textContent).toContain('Take it out.');
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(host.verbs.forget).toHaveBeenCalledWith(name);
});

test('three pieces of evidence are shown, and a way to all', () => {
  const evidence = ['a', 'b', 'c', 'd'].map(id => evidenceLine({ id }));
  const host = showStatus({ evidence, evidence_count: 41 });
  const section = within(screen.getByRole('region', { name: 'Evidence' }));
  expect(section.getAllByText('matches your files')).toHaveLength(3);
  fireEvent.click(section.getByRole('button', { name: 'All evidence' }));
  expect(host.open).toHaveBeenCalledWith({ kind: 'evidence-list', project: PROJECT.id });
});

test('evidence of files that no commit holds has a bell', () => {
  showStatus({ evidence: [evidenceLine({ match: 'uncommitted' })], evidence_count: 1 });
  expect(screen.getByRole('img', { name: 'passed, on files that no commit holds' })).toBeDefined();
});

test('several projects can be chosen from', () => {
  const other = { id: 'b3RoZXI', name: 'other', path: 'other' };
  const host = showStatus({}, { projects: ready([PROJECT, other]) });
  fireEvent.change(screen.getByRole('combobox', { name: 'Project' }), {
    target: { value: other.id }
  });
  expect(host.choose).toHaveBeenCalledWith(other.id);
});

test('a project without mlcd.toml offers to write one', () => {
  const problem = { code: 'no-config', message: 'there is no mlcd.toml' };
  const host = showStatus({ deliver: null, problem, suites: [], environments: [] });
  fireEvent.click(screen.getByRole('button', { name: 'Set up this project' }));
  expect(host.open).toHaveBeenCalledWith({ kind: 'set-up', project: PROJECT.id });
  expect(host.verbs.setUp).not.toHaveBeenCalled();
});

test('an error in mlcd.toml names file and line and opens it', () => {
  const problem = {
    code: 'config',
    message: 'mlcd.toml, line 3: unknown key `projekt`',
    details: { file: 'mlcd.toml', line: 3 }
  };
  const host = showStatus({ deliver: null, problem });
  expect(screen.getByRole('alert').textContent).toContain('line 3');
  fireEvent.click(screen.getByRole('button', { name: 'Open mlcd.toml' }));
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'mlcd.toml');
});

test('offline keeps the last state, grey, and says so', () => {
  const problem = { code: 'offline', message: 'The server does not answer.' };
  showStatus({}, { status: failed(problem, ready(aStatus())) });
  expect(screen.getByRole('status').textContent).toContain('This is how it was');
  expect(screen.getByRole('heading', { name: 'digits' })).toBeDefined();
});

test('without a server half it says what to install', () => {
  const problem = {
    code: 'no-server-half',
    message: 'The server half is not there.',
    hint: 'Install.'
  };
  const host = showStatus({}, { projects: failed(problem, IDLE), status: IDLE });
  expect(screen.getByRole('alert').textContent).toContain('Install.');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(host.refresh).toHaveBeenCalled();
});

test('without a repository it says how to make one', () => {
  showStatus({}, { projects: ready([]), status: IDLE });
  expect(screen.getByText('git init')).toBeDefined();
});

test('before the first answer there is a skeleton', () => {
  showStatus({}, { projects: pending(IDLE), status: IDLE });
  expect(screen.getByRole('status', { name: 'Loading' })).toBeDefined();
});

const RED = aRun({ verdict: 'failed', cases: [aCase(), aRedCase()] });

test('of a red run the failed cases alone can be run again', () => {
  const host = showStatus({ suites: suitesWith(RED) });
  fireEvent.click(screen.getByRole('button', { name: 'Run failed only: quality' }));
  expect(host.verbs.run).toHaveBeenCalledWith(PROJECT.id, { suite: 'quality', failed_only: true });
});

test('of a green run there is nothing to run again alone', () => {
  showStatus();
  expect(screen.queryByRole('button', { name: 'Run failed only: quality' })).toBeNull();
});

test('while a run is being started its failed cases cannot be started too', () => {
  const acts = new Map<string, Act>([[`run:${PROJECT.id}:quality`, { state: 'pending' }]]);
  showStatus({ suites: suitesWith(RED) }, { acts });
  const button = screen.getByRole<HTMLButtonElement>('button', { name: /^Run failed only/ });
  expect(button.disabled).toBe(true);
});

test('a red case opens to expected and got', () => {
  showStatus({ suites: suitesWith(RED) });
  const fold = screen.getByText('stdout differs').closest('details');
  expect(fold?.open).toBe(false);
  expect([...(fold?.querySelectorAll('pre') ?? [])].map(side => side.textContent)).toEqual([
    'samples used: 1797',
    'samples used: 1796'
  ]);
});

test('a case unfolds to its cells, and a cell leads to the notebook', () => {
  const host = showStatus({ suites: suitesWith(RED) });
  const fold = screen.getByRole('button', { name: 'Cells of train.ipynb, seed 2' });
  expect(fold.getAttribute('aria-expanded')).toBe('false');
  fireEvent.click(fold);
  fireEvent.click(screen.getByRole('button', { name: 'Open cell 1 of train.ipynb' }));
  expect(host.openFile).toHaveBeenCalledWith(PROJECT, 'train.ipynb', 7);
});

test('a case of which no cell is known has nothing to unfold', () => {
  showStatus({ suites: suitesWith(RED) });
  const fold = screen.getByRole<HTMLButtonElement>('button', {
    name: 'Cells of train.ipynb, seed 1'
  });
  expect(fold.disabled).toBe(true);
});

test('of a run of many cases the panel holds a page', () => {
  const cases = Array.from({ length: 120 }, (_, index) =>
    aCase({ id: `case ${index}`, verdict: index === 90 ? 'failed' : 'passed' })
  );
  showStatus({ suites: suitesWith(aRun({ verdict: 'failed', cases })) });
  const list = within(screen.getByRole('list', { name: 'Cases' }));
  expect(list.getAllByRole('listitem')).toHaveLength(25);
  fireEvent.click(screen.getByRole('button', { name: 'Only the 1 red' }));
  expect(list.getAllByRole('listitem')).toHaveLength(1);
});

test('a case that passed on a retry says so in the panel', () => {
  showStatus({ suites: suitesWith(aRun({ verdict: 'flaky', cases: [aFlakyCase()] })) });
  fireEvent.click(screen.getByRole('button', { name: 'Cases of quality' }));
  expect(screen.getByText('passed on attempt 2 of 2')).toBeDefined();
  expect(document.body.textContent).toContain('tested 13:25, 1 of 1');
});

test('a case that was killed says how much memory it had', () => {
  const killed = aRedCase({
    verdict: 'killed',
    reason: 'cell 5: it ran out of memory',
    cells: [],
    peak_memory: 3.9 * 2 ** 30
  });
  showStatus({ suites: suitesWith(aRun({ verdict: 'killed', cases: [killed] })) });
  expect(screen.getByText('it ran out of memory · 3.9 GiB at its peak')).toBeDefined();
});

test('a run of some cases says so, and does not count as tested', () => {
  const suites = suitesWith(aRun({ partial: true })).map(suite => ({ ...suite, cases: 6 }));
  showStatus({ suites });
  const section = screen.getByRole('region', { name: 'Suites' });
  expect(section.textContent).toContain('only 1 of 6 cases were run: proves nothing');
  expect(document.body.textContent).not.toContain('tested 13:25');
});

test('a reason calls cases by their names', () => {
  const text = 'train.ipynb[seed=2] failed';
  const reason = {
    code: 'red',
    text,
    way_out: 'see-run',
    subject: 'r',
    busy: false,
    url: ''
  } as const;
  showStatus({ deliver: { ...NOT_READY, reasons: [reason] } });
  expect(screen.getByText('train.ipynb, seed 2 failed')).toBeDefined();
  expect(screen.getByRole('button', { name: 'See: train.ipynb, seed 2 failed' })).toBeDefined();
});

test('evidence that passed on a retry has its own mark', () => {
  showStatus({ evidence: [evidenceLine({ verdict: 'flaky' })], evidence_count: 1 });
  const mark = screen.getByRole('img', { name: 'passed on a retry' });
  expect(mark.getAttribute('class')).toContain('jp-Mlcd-mod-flaky');
});

test('evidence of only some cases says that it is no proof of the suite', () => {
  showStatus({ evidence: [evidenceLine({ partial: true })], evidence_count: 1 });
  const tag = screen.getByText('only some cases');
  expect(tag.getAttribute('title')).toBe('It proves nothing about the whole suite');
});

test('what an accepting dialog was refused stands in the dialog alone', () => {
  const problem = { code: 'changed-since', message: 'train.ipynb changed since this run' };
  const acts = new Map<string, Act>([[`accept:${PROJECT.id}:run-1`, { state: 'failed', problem }]]);
  showStatus({}, { acts });
  expect(screen.queryByRole('alert')).toBeNull();
});

const FAILED_DELIVERY: Status['waiting'] = [
  {
    kind: 'failed',
    text: 'the delivery of 0.2.0 to production failed',
    since: minutesAgo(5),
    way_out: 'see-delivery',
    subject: 'key-1'
  }
];

test('what waits for me comes first, with its way there', () => {
  const environments = aStatus().environments.map(one => ({ ...one, delivery: aDelivery() }));
  const host = showStatus({ waiting: FAILED_DELIVERY, environments });
  const region = screen.getByRole('region', { name: 'Waiting for you' });
  expect(region.textContent).toContain('failed 5 min');
  expect(region.compareDocumentPosition(screen.getByRole('heading', { name: 'digits' }))).toBe(
    Node.DOCUMENT_POSITION_FOLLOWING
  );
  fireEvent.click(within(region).getByRole('button'));
  expect(host.open).toHaveBeenCalledWith({
    kind: 'deliver',
    project: PROJECT.id,
    environment: 'production',
    delivery: 'key-1'
  });
});

test('where nothing waits the section is absent', () => {
  showStatus();
  expect(screen.queryByText('Waiting for you')).toBeNull();
});

test('it says how much is not delivered and not shared yet', () => {
  const { place } = aStatus();
  const undelivered = {
    environment: 'production',
    version: '0.1.3',
    since: minutesAgo(99),
    commits: 3,
    tested: 2
  };
  showStatus({ place: { ...place, undelivered, upstream: 'origin/main', unshared: 1 } });
  expect(document.body.textContent).toContain(
    'not delivered: 3 commits since 0.1.3 is live in production, 2 in tested files'
  );
  expect(document.body.textContent).toContain('not shared yet: 1 commit that origin/main has not');
});

test('uncommitted files are committed from where they are counted', () => {
  const { place } = aStatus();
  const host = showStatus({ place: { ...place, dirty: { 'a.ipynb': 'modified' } } });
  fireEvent.click(screen.getByRole('button', { name: 'Commit… 1 file' }));
  expect(host.open).toHaveBeenCalledWith({ kind: 'commit', project: PROJECT.id });
});

const [PRODUCTION] = aStatus().environments;

test('the ladder begins with my files and says by how much each rung differs', () => {
  const yours = { version: '0.2.0', tested: true, scores: { accuracy: 0.966 }, live_in: '' };
  showStatus({ yours });
  const live = screen.getByRole('region', { name: 'Where it is live' });
  const [you, production] = within(live).getAllByRole('listitem');
  expect(you?.textContent).toBe('you 0.2.0accuracy 0.966 · tested');
  expect(production?.textContent).toContain('0.961 (−0.005) · 6 days');
});

test('history and roll back are one click below a rung', () => {
  const environments = PRODUCTION ? [{ ...PRODUCTION, deliveries: 4, back_to: '0.1.2' }] : [];
  const host = showStatus({ environments });
  fireEvent.click(screen.getByRole('button', { name: 'More about production' }));
  expect(document.body.textContent).toContain('delivered by hand');
  fireEvent.click(screen.getByRole('button', { name: 'History of production' }));
  fireEvent.click(screen.getByRole('button', { name: 'Roll back production to 0.1.2…' }));
  const place = { project: PROJECT.id, environment: 'production' };
  expect(host.open).toHaveBeenNthCalledWith(1, { kind: 'history', ...place });
  expect(host.open).toHaveBeenNthCalledWith(2, { kind: 'roll-back', ...place });
});

test('a version that came back says what was rolled back, and why', () => {
  const live = PRODUCTION?.live;
  const back = live ? { ...live, back_from: '0.2.0', why: 'wrong sevens' } : null;
  showStatus({ environments: PRODUCTION ? [{ ...PRODUCTION, live: back }] : [] });
  expect(document.body.textContent).toContain('rolled back from 0.2.0: wrong sevens');
});
