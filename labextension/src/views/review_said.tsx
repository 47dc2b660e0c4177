/** What people said about a version, oldest first: what counts, and what does not with its reason. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { CaseResult, ReviewEntry, ReviewPage } from '../api/types';
import type { IPlaceOfRemark } from '../store/acts';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';
import { Button, Link, Mark, Tag } from './parts';
import type { Shape } from './words';

interface ISaidProps {
  readonly page: ReviewPage;
  /** The cases of the evidence that is shown, to call cells as they are called there. */
  readonly cases: readonly CaseResult[];
  readonly fresh: ReadonlySet<string>;
  /** Lead to the cell or case that a comment is about. */
  readonly go: (place: IPlaceOfRemark) => void;
  /** Null where nothing is said from here. */
  readonly takeBack: ((entry: ReviewEntry) => void) | null;
  readonly children: React.ReactNode;
}

export function ReviewSaid(props: ISaidProps): React.ReactElement {
  const { trans } = useHost();
  const { page } = props;
  const title = trans.__('What people said');
  return (
    <section className="jp-Mlcd-card" aria-label={title}>
      <header>
        <b className="jp-Mlcd-grow">{title}</b>
        <span className="jp-Mlcd-number">{page.entries.length || ''}</span>
      </header>
      <div className="jp-Mlcd-card-body">
        {page.entries.length === 0 && (
          <p className="jp-Mlcd-secondary">{trans.__('Nobody has said anything yet.')}</p>
        )}
        <ol className="jp-Mlcd-entries">
          {page.entries.map(entry => (
            <Entry key={entry.id} {...props} entry={entry} fault={faultOf(page, entry)} />
          ))}
        </ol>
        {props.children}
      </div>
    </section>
  );
}

/** Why it does not count in the environment that it is for; empty where it does. */
export function faultOf(page: ReviewPage, entry: ReviewEntry): string {
  const there = page.environments.find(one => one.environment === entry.environment);
  return there?.faults[entry.id] ?? '';
}

function Entry(props: ISaidProps & { entry: ReviewEntry; fault: string }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { page, entry, fault, fresh, takeBack } = props;
  const isYours = page.yours.includes(entry.id);
  const isBack = entry.taken_back !== '';
  return (
    <li data-entry={entry.kind} data-fault={fault} data-taken-back={isBack}>
      <Mark shape={shapeOfEntry(entry, fault)} label={kindWord(entry, trans)} />
      <div className="jp-Mlcd-grow">
        <div className="jp-Mlcd-saidHead">
          <b title={entry.by}>{person(entry.by)}</b> <Sense {...props} />{' '}
          <span className="jp-Mlcd-number">{moment(entry.at, now, trans)}</span>{' '}
          {isYours && <Tag>{trans.__('yours')}</Tag>} {entry.hub && <OnHub entry={entry} />}{' '}
          {fresh.has(entry.id) && <Tag tone="warning">{trans.__('new')}</Tag>}
        </div>
        {entry.text && <div className="jp-Mlcd-saidText">{entry.text}</div>}
        {fault && !isBack && (
          <div className="jp-Mlcd-fault">{trans.__('does not count: %1', withNames(fault))}</div>
        )}
        {isBack && (
          <div className="jp-Mlcd-secondary">
            {entry.taken_back_why
              ? trans.__('taken back: %1', entry.taken_back_why)
              : trans.__('taken back')}
          </div>
        )}
      </div>
      {isYours && !isBack && takeBack && (
        <Button
          small
          name={trans.__('Take back: %1', kindWord(entry, trans))}
          onClick={() => takeBack(entry)}
        >
          {trans.__('Take back…')}
        </Button>
      )}
    </li>
  );
}

/** It was said elsewhere; a link only where the server is sure of it. */
function OnHub({ entry }: { entry: ReviewEntry }): React.ReactElement {
  const { trans } = useHost();
  return entry.url.startsWith('https://') ? (
    <a href={entry.url} target="_blank" rel="noopener noreferrer" title={entry.url}>
      {trans.__('on the hub')}
    </a>
  ) : (
    <Tag>{trans.__('on the hub')}</Tag>
  );
}

/** What it says, after the name of who says it. */
function Sense({ entry, go, cases }: ISaidProps & { entry: ReviewEntry }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const place = { case: entry.case, cell: entry.cell };
  switch (entry.kind) {
    case 'asked':
      return (
        <>
          {trans.__(
            'asks %1 to review it for %2',
            entry.people.map(person).join(', '),
            entry.environment
          )}
        </>
      );
    case 'commented':
      return entry.case ? (
        <>
          {trans.__('comments on')}{' '}
          <Link onClick={() => go(place)}>{placeWords(entry, cases, trans)}</Link>
        </>
      ) : (
        <>{trans.__('comments')}</>
      );
    case 'approved':
      return <>{trans.__('approves it for %1', entry.environment)}</>;
    case 'changes-requested':
      return <>{trans.__('asks for changes')}</>;
    case 'waived':
      return (
        <>
          {entry.until
            ? trans.__(
                'excepts it in %1 from “%2” until %3',
                entry.environment,
                entry.rule,
                moment(entry.until, now, trans)
              )
            : trans.__('excepts it in %1 from “%2”', entry.environment, entry.rule)}
        </>
      );
  }
}

/** "cell 3 of train.ipynb, seed 2": code cells are counted from 1, as beside them. */
function placeWords(
  entry: ReviewEntry,
  cases: readonly CaseResult[],
  trans: TranslationBundle
): string {
  const about = withNames(entry.case);
  if (entry.cell === null) {
    return about;
  }
  const result = cases.find(one => one.id === entry.case || one.notebook === entry.case);
  const count = (result?.cells.findIndex(cell => cell.index === entry.cell) ?? -1) + 1;
  const cell = count > 0 ? trans.__('cell %1', count) : trans.__('text');
  return trans.__('%1 of %2', cell, about);
}

function shapeOfEntry(entry: ReviewEntry, fault: string): Shape {
  if (entry.taken_back) {
    return 'waiting';
  }
  if (entry.kind === 'changes-requested') {
    return 'failed';
  }
  if (entry.kind === 'approved') {
    return fault ? 'warning' : 'passed';
  }
  return entry.kind === 'waived' ? 'warning' : 'remark';
}

/** What kind of word it is. */
export function kindWord(entry: ReviewEntry, trans: TranslationBundle): string {
  const words: Record<ReviewEntry['kind'], string> = {
    asked: trans.__('asked'),
    commented: trans.__('comment'),
    approved: trans.__('approval'),
    'changes-requested': trans.__('request for changes'),
    waived: trans.__('exception')
  };
  return words[entry.kind];
}
