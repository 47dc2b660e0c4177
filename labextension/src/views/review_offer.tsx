/** What can be said that counts, or in its place why it would not, with the way out. */
import * as React from 'react';

import type { HubKind, ReviewPage, ReviewState } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { Refused } from './confirming';
import { useHost } from './host';
import { withNames } from './names';
import { Button, Mark, Sentence } from './parts';
import type { Saying } from './review_acts';

interface IOfferProps {
  readonly page: ReviewPage;
  readonly state: ReviewState;
  readonly say: (saying: Saying) => void;
  readonly elsewhere: string | undefined;
  readonly project: string;
  readonly acts: ReadonlyMap<string, Act>;
}

export function ReviewOffer(props: IOfferProps): React.ReactElement {
  const { trans } = useHost();
  const { page, state, say, elsewhere } = props;
  if (elsewhere !== undefined) {
    return (
      <p className="jp-Mlcd-secondary">
        <Sentence text={elsewhere} />
      </p>
    );
  }
  return (
    <>
      {state.needed === 0 && (
        <p className="jp-Mlcd-secondary">
          {trans.__('%1 asks for no approval.', state.environment)}
        </p>
      )}
      {state.needed > 0 && state.unfit && <Unfit state={state} />}
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-offerButtons">
        {state.needed > 0 && !state.unfit && (
          <Button primary onClick={() => say({ what: 'approve' })}>
            {trans.__('Approve %1 for %2…', page.version, state.environment)}
          </Button>
        )}
        <Button onClick={() => say({ what: 'reject' })}>{trans.__('Request changes…')}</Button>
      </div>
      {state.hub && <AskHub {...props} hub={state.hub} />}
    </>
  );
}

const HUBS: Readonly<Record<HubKind, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  'azure-devops': 'Azure DevOps'
};

/** Who approved the pull request counts here too: it is asked now, and before each delivery. */
function AskHub(props: IOfferProps & { hub: HubKind }): React.ReactElement {
  const { trans, reviews } = useHost();
  const { project, page, state, acts, hub } = props;
  const name = actName.review(project, page.version, 'collect');
  const act = acts.get(name);
  const isBusy = act?.state === 'pending';
  return (
    <div className="jp-Mlcd-note">
      <p className="jp-Mlcd-secondary">
        {trans.__('Who approves the pull request on %1 counts here too.', HUBS[hub])}
      </p>
      <Refused name={name} act={act} />
      <Button
        small
        disabled={isBusy}
        onClick={() => void reviews.collect(project, state.environment, page.version)}
      >
        {isBusy ? trans.__('Asking…') : trans.__('Ask %1 now', HUBS[hub])}
      </Button>
    </div>
  );
}

/** Why an approval by this person would not count: it stands where its button would. */
function Unfit({ state }: { state: ReviewState }): React.ReactElement | null {
  const { trans, refresh, copy } = useHost();
  const { unfit } = state;
  if (!unfit) {
    return null;
  }
  const isGiven = unfit.code === 'same-person';
  const isKey = unfit.code === 'no-signing-key';
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-wrap jp-Mlcd-unfit" data-unfit={unfit.code}>
      <Mark
        shape={isGiven ? 'passed' : 'waiting'}
        label={isGiven ? trans.__('Met') : trans.__('Why you cannot approve')}
      />
      <span className="jp-Mlcd-grow">
        <Sentence text={withNames(unfit.text)} />
      </span>
      {isKey && (
        <Button small onClick={() => copy(KEY_COMMANDS)}>
          {trans.__('Copy the commands')}
        </Button>
      )}
      {!LASTING.includes(unfit.code) && (
        <Button small onClick={refresh}>
          {trans.__('Look again')}
        </Button>
      )}
    </div>
  );
}

/** What looking again does not change. */
const LASTING: readonly string[] = ['same-person', 'own-run', 'own-commit'];

const KEY_COMMANDS = [
  'git config --global gpg.format ssh',
  'git config --global user.signingkey ~/.ssh/id_ed25519.pub'
].join('\n');
