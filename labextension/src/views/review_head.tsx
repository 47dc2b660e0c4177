/** What is reviewed: which version, of which commit, run by whom, and who asks for what. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Manifest, ReviewEntry, ReviewPage } from '../api/types';
import type { Act } from '../store/store';
import { Exchange } from './exchange';
import { isSamePerson, moment, person, shortCommit, shortDigest } from './format';
import { useHost, useNow } from './host';
import { Button, Facts, Identifier, Tag } from './parts';

interface IHeadProps {
  readonly project: string;
  readonly page: ReviewPage;
  readonly run: string;
  readonly manifest: Manifest | null;
  readonly acts: ReadonlyMap<string, Act>;
  readonly elsewhere?: string;
}

export function ReviewHead(props: IHeadProps): React.ReactElement {
  const { trans, open } = useHost();
  const { project, page, run, manifest, acts, elsewhere } = props;
  return (
    <header>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <h2 className="jp-Mlcd-grow">
          {trans.__('Review of %1 %2', page.project, page.version)}{' '}
          {manifest && <RunTag by={manifest.run.by} you={page.by} />}
        </h2>
        <Button onClick={() => open({ kind: 'report', project, run: '', version: page.version })}>
          {trans.__('Report')}
        </Button>
        {run && (
          <Button onClick={() => open({ kind: 'evidence', project, run })}>
            {trans.__('Evidence')}
          </Button>
        )}
      </div>
      <Facts className="jp-Mlcd-facts">
        <Identifier text={page.commit} short={shortCommit(page.commit)} />
        {manifest && <RunWords manifest={manifest} />}
        <Identifier text={page.digest} short={shortDigest(page.digest)} />
        {page.link.startsWith('https://') && (
          <a href={page.link} target="_blank" rel="noopener noreferrer" title={page.link}>
            {trans.__('on the hub')}
          </a>
        )}
        {liveWords(page).map(words => (
          <span key={words}>{trans.__('live in %1', words)}</span>
        ))}
      </Facts>
      <Asked page={page} />
      {elsewhere === undefined && <Exchange project={project} remotes={page.remotes} acts={acts} />}
    </header>
  );
}

function RunTag({ by, you }: { by: string; you: string }): React.ReactElement {
  const { trans } = useHost();
  return isSamePerson(by, you) ? (
    <Tag title={by}>{trans.__('run by you')}</Tag>
  ) : (
    <Tag tone="good" title={by}>
      {trans.__('run by %1, not by you', person(by))}
    </Tag>
  );
}

function RunWords({ manifest }: { manifest: Manifest }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { run, attempt } = manifest;
  return (
    <>
      <span>{trans.__('run %1', moment(run.ended || run.started, now, trans))}</span>
      {attempt > 1 && (
        <>
          {' · '}
          <span>{trans.__('attempt %1 at these files', attempt)}</span>
        </>
      )}
    </>
  );
}

/** Where exactly this version is live. */
function liveWords(page: ReviewPage): string[] {
  return page.environments.filter(one => one.live === page.version).map(one => one.environment);
}

/** Who asks, in one line: the last who did, of whom else that is asked too. */
function Asked({ page }: { page: ReviewPage }): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const asked = page.entries.filter(one => one.kind === 'asked' && !one.taken_back).at(-1);
  if (!asked) {
    return null;
  }
  const who = person(asked.by);
  const when = moment(asked.at, now, trans);
  return (
    <p className="jp-Mlcd-asked" role="note">
      <b>
        {isAsked(asked, page.by)
          ? trans.__('%1 asks you to review it for %2', who, asked.environment)
          : trans.__(
              '%1 asks %2 to review it for %3',
              who,
              asked.people.map(person).join(', '),
              asked.environment
            )}
      </b>{' '}
      <span className="jp-Mlcd-number">{when}</span>
      {asked.text && <span className="jp-Mlcd-saidText">{asked.text}</span>}
    </p>
  );
}

function isAsked(entry: ReviewEntry, you: string): boolean {
  return entry.people.some(one => isSamePerson(one, you));
}

/** Which suite's evidence is read, where the version stands on several. */
export function SuiteChoice(props: {
  page: ReviewPage;
  run: string;
  choose: (run: string) => void;
}): React.ReactElement | null {
  const { trans } = useHost();
  const { page, run, choose } = props;
  if (page.runs.length < 2) {
    return null;
  }
  return (
    <label className="jp-Mlcd-against">
      <span className="jp-Mlcd-secondary">{trans.__('Evidence of')}</span>
      <HTMLSelect value={run} onChange={event => choose(event.currentTarget.value)}>
        {page.runs.map(one => (
          <option key={one.id} value={one.id}>
            {one.suite}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}
