/** Approve, ask for changes, except from a rule, take back: each confirmed in its own sheet. */
import * as React from 'react';

import type { ISeenThere } from '../api/client';
import type { ReviewEntry, ReviewPage, ReviewState } from '../api/types';
import type { Act } from '../store/store';
import { inDays, person, shortDigest } from './format';
import { useHost } from './host';
import { ReviewSheet, SheetText, reviewAct } from './review_sheet';
import { useDraft } from './use_draft';

/** Which sheet is open. */
export type Saying =
  | { readonly what: 'approve' }
  | { readonly what: 'reject' }
  | { readonly what: 'waive'; readonly rule: string }
  | { readonly what: 'take-back'; readonly entry: ReviewEntry };

export interface ISayingProps {
  readonly project: string;
  readonly page: ReviewPage;
  readonly state: ReviewState;
  readonly acts: ReadonlyMap<string, Act>;
  readonly isFresh: boolean;
  readonly shareWith: string;
  readonly saying: Saying;
  readonly close: () => void;
}

export function SayingSheet(props: ISayingProps): React.ReactElement {
  const { saying } = props;
  switch (saying.what) {
    case 'approve':
      return <Approve {...props} />;
    case 'reject':
      return <Reject {...props} />;
    case 'waive':
      return <Except key={saying.rule} {...props} rule={saying.rule} />;
    case 'take-back':
      return <TakeBack key={saying.entry.id} {...props} entry={saying.entry} />;
  }
}

/** What was on the screen when the sheet came: what is confirmed is this, and nothing newer. */
function useSeen({ page, state }: ISayingProps): () => ISeenThere {
  const { environment, policy } = state;
  const [seen] = React.useState({ digest: page.digest, environment, policy });
  return () => ({ ...seen, version: page.version, nonce: page.nonce });
}

/** What a sheet does when it was confirmed: then the draft is gone, and the words go out. */
function useDone(props: ISayingProps, forget: () => void): (made: unknown) => Promise<void> {
  const { reviews } = useHost();
  const { project, shareWith, close } = props;
  return async made => {
    if (made !== null) {
      forget();
      close();
      if (shareWith) {
        await reviews.share(project, shareWith);
      }
    }
  };
}

/** Where it is written, and whether it goes out. */
function useWhere({ shareWith }: ISayingProps): string {
  const { trans } = useHost();
  return shareWith
    ? trans.__(
        'Writes it on the branch **mlcd/evidence**, and exchanges that with **%1**.',
        shareWith
      )
    : trans.__('Writes it on the branch **mlcd/evidence** here. Nothing leaves this machine.');
}

function Approve(props: ISayingProps): React.ReactElement {
  const { trans, reviews } = useHost();
  const { project, page, state } = props;
  const name = reviewAct(project, page, 'approve');
  const draft = useDraft(name);
  const seen = useSeen(props);
  const done = useDone(props, () => draft.write(''));
  const title = trans.__('Approve %1 for %2', page.version, state.environment);
  return (
    <ReviewSheet
      {...props}
      title={title}
      act={name}
      steps={[
        trans.__(
          'Signs with your SSH key, as **%1**, that you approve **%2** for **%3**.',
          person(page.by),
          page.version,
          state.environment
        ),
        trans.__(
          'It counts for exactly these bytes (`%1`), this environment and the rules above; when one of them changes, it is void.',
          shortDigest(page.digest)
        ),
        useWhere(props)
      ]}
      label={title}
      busy={trans.__('Approving…')}
      isSaid
      confirm={() => void reviews.approve(project, seen(), draft.text.trim()).then(done)}
    >
      <SheetText label={trans.__('A word with it')} text={draft.text} write={draft.write} />
    </ReviewSheet>
  );
}

function Reject(props: ISayingProps): React.ReactElement {
  const { trans, reviews } = useHost();
  const { project, page } = props;
  const name = reviewAct(project, page, 'reject');
  const draft = useDraft(name);
  const seen = useSeen(props);
  const done = useDone(props, () => draft.write(''));
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Request changes of %1', page.version)}
      act={name}
      steps={[
        trans.__(
          'Until you approve it or take this back, **%1** goes nowhere that asks for approvals.',
          page.version
        ),
        useWhere(props)
      ]}
      label={trans.__('Request changes')}
      busy={trans.__('Writing…')}
      isSaid={draft.text.trim() !== ''}
      confirm={() => {
        const { version, digest, nonce } = seen();
        void reviews.reject(project, { version, digest, nonce }, draft.text.trim()).then(done);
      }}
    >
      <SheetText
        label={trans.__('What has to change')}
        text={draft.text}
        write={draft.write}
        rows={3}
      />
    </ReviewSheet>
  );
}

/** For how long an exception holds where nobody says it. */
const DAYS = 14;

function Except(props: ISayingProps & { rule: string }): React.ReactElement {
  const { trans, reviews, now } = useHost();
  const { project, page, state, rule } = props;
  const name = reviewAct(project, page, 'waive');
  const draft = useDraft(`${name}:${rule}`);
  const [until, setUntil] = React.useState(() => inDays(now(), DAYS));
  const seen = useSeen(props);
  const done = useDone(props, () => draft.write(''));
  const why = draft.text.trim();
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Except %1 from “%2”', page.version, rule)}
      act={name}
      steps={[
        trans.__(
          'Signs with your SSH key, as **%1**, that **%2** may go to **%3** without that until then.',
          person(page.by),
          page.version,
          state.environment
        ),
        trans.__('It is shown wherever the rule is, with your name and reason, for ever.'),
        useWhere(props)
      ]}
      label={trans.__('Except it')}
      busy={trans.__('Writing…')}
      isSaid={why !== '' && until !== ''}
      confirm={() => void reviews.waive(project, seen(), { rule, why, until }).then(done)}
    >
      <SheetText label={trans.__('Why')} text={draft.text} write={draft.write} />
      <label className="jp-Mlcd-message">
        {trans.__('Until, at most a year')}{' '}
        <input
          type="date"
          className="jp-Mlcd-input"
          value={until}
          onChange={event => setUntil(event.target.value)}
        />
      </label>
    </ReviewSheet>
  );
}

function TakeBack(props: ISayingProps & { entry: ReviewEntry }): React.ReactElement {
  const { trans, reviews } = useHost();
  const { project, page, entry } = props;
  const name = reviewAct(project, page, `take-back:${entry.id}`);
  const draft = useDraft(name);
  const seen = useSeen(props);
  const done = useDone(props, () => draft.write(''));
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Take back what you said')}
      act={name}
      steps={[
        trans.__('It stays where it stands, marked as taken back, and does not count any more.'),
        useWhere(props)
      ]}
      label={trans.__('Take it back')}
      busy={trans.__('Writing…')}
      isSaid
      confirm={() => {
        const { version, digest, nonce } = seen();
        void reviews
          .takeBack(project, { version, digest, nonce }, entry.id, draft.text.trim())
          .then(done);
      }}
    >
      <SheetText label={trans.__('Why (kept with it)')} text={draft.text} write={draft.write} />
    </ReviewSheet>
  );
}
