/** Before somebody's word lets a finding be kept: what it says, of what, and until when. */
import * as React from 'react';

import type { FoundSecret, SecretsFound } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { inDays, person } from './format';
import { useHost } from './host';
import { ReviewSheet, SheetText } from './review_sheet';
import { useDraft } from './use_draft';

/** For how long where nobody says it, and at most. */
const DAYS = 90;
const MOST_DAYS = 365;

export function AllowSheet(props: {
  id: string;
  found: SecretsFound;
  value: FoundSecret;
  isFresh: boolean;
  acts: ReadonlyMap<string, Act>;
  /** Whether the run is kept right after it. */
  keepsThen: boolean;
  done: () => void;
  close: () => void;
}): React.ReactElement {
  const { trans, tidying, now } = useHost();
  const { id, found, value, keepsThen, done } = props;
  const { finding, number } = value;
  const { fingerprint } = finding;
  const name = actName.allow(id, found.run, fingerprint);
  const draft = useDraft(name);
  const [until, setUntil] = React.useState(() => inDays(now(), DAYS));
  const why = draft.text.trim();
  const confirm = async (): Promise<void> => {
    const { nonce } = found;
    if (await tidying.allow(id, found.run, { number, fingerprint, why, until, nonce })) {
      draft.write('');
      done();
    }
  };
  return (
    <ReviewSheet
      {...props}
      title={trans.__('Allow %1 %2', finding.rule, finding.sample)}
      act={name}
      steps={[
        trans.__(
          'Says on the branch **mlcd/evidence**, for ever, that **%1** lets this be kept, and why. Nothing leaves this machine.',
          person(found.by)
        ),
        trans.__('It holds for exactly this value, in every run of this project, until then.'),
        ...(keepsThen
          ? [
              trans.__(
                'Then the run is kept, **with this value in it**: whoever gets the history can read it.'
              )
            ]
          : [])
      ]}
      label={keepsThen ? trans.__('Allow it and keep the run') : trans.__('Allow it')}
      busy={trans.__('Writing…')}
      isSaid={why !== '' && until !== ''}
      isFresh={props.isFresh && found.nonce !== ''}
      confirm={() => void confirm()}
    >
      <SheetText label={trans.__('Why it may be kept')} text={draft.text} write={draft.write} />
      <label className="jp-Mlcd-message">
        {trans.__('Until, at most a year')}{' '}
        <input
          type="date"
          className="jp-Mlcd-input"
          value={until}
          min={inDays(now(), 0)}
          max={inDays(now(), MOST_DAYS)}
          onChange={event => setUntil(event.target.value)}
        />
      </label>
    </ReviewSheet>
  );
}
