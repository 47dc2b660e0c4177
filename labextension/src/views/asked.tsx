/** After a review was asked for: what happened, what did not, and what to send to whom. */
import * as React from 'react';

import { actName } from '../store/acts';
import type { TellPlace } from '../api/client';
import type { Told } from '../api/types';
import type { Act } from '../store/store';
import type { IAskedDone } from './ask_page';
import { Refused } from './confirming';
import { person } from './format';
import { useHost } from './host';
import { Button, Mark, ProblemBox, Sentence } from './parts';

interface IAskedProps {
  readonly project: string;
  readonly environment: string;
  readonly acts: ReadonlyMap<string, Act>;
  readonly done: IAskedDone;
  readonly finish: (done: IAskedDone) => void;
  readonly close: () => void;
}

export function Asked(props: IAskedProps): React.ReactElement {
  const { trans, open, copy } = useHost();
  const { project, done, close } = props;
  const { page, people } = done;
  const message = messageTo(props, trans);
  return (
    <>
      <h2>{trans.__('Asked %1 to review %2', people.map(person).join(', '), page.version)}</h2>
      <ul className="jp-Mlcd-lines">
        <li>
          <Mark shape="passed" label={trans.__('done')} />
          <span className="jp-Mlcd-grow">
            <Sentence
              text={trans.__(
                'The evidence is kept and **%1** is prepared, on the branch **mlcd/evidence**.',
                page.version
              )}
            />
          </span>
        </li>
        <Pushed {...props} />
      </ul>
      <section className="jp-Mlcd-card" aria-label={trans.__('What to send')}>
        <header>
          <b className="jp-Mlcd-grow">{trans.__('What to send')}</b>
          <Button small onClick={() => copy(message)}>
            {trans.__('Copy')}
          </Button>
        </header>
        <div className="jp-Mlcd-card-body">
          <pre className="jp-Mlcd-block" tabIndex={0} aria-label={trans.__('What to send')}>
            {message}
          </pre>
        </div>
      </section>
      <Tell {...props} />
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow" />
        <Button onClick={close}>{trans.__('Close')}</Button>
        <Button primary onClick={() => open({ kind: 'review', project, version: page.version })}>
          {trans.__('See the review')}
        </Button>
      </div>
    </>
  );
}

/** Whether it is where they can see it; what failed can be tried again. */
function Pushed({ project, acts, done, finish }: IAskedProps): React.ReactElement {
  const { trans, reviews } = useHost();
  const { remote, shared } = done;
  const act = acts.get(actName.share(project, remote));
  const again = async (): Promise<void> =>
    finish({ ...done, shared: await reviews.share(project, remote) });
  if (!remote) {
    return (
      <li data-pushed="">
        <Mark shape="waiting" label={trans.__('Still to do')} />
        <span className="jp-Mlcd-grow">
          {trans.__('Nothing left this machine. They see it after you exchange with a remote.')}
        </span>
      </li>
    );
  }
  if (shared) {
    return (
      <li data-pushed={remote}>
        <Mark shape="passed" label={trans.__('done')} />
        <span className="jp-Mlcd-grow">{trans.__('It is on %1 (%2).', remote, shared.url)}</span>
      </li>
    );
  }
  return (
    <li data-pushed="failed">
      <ProblemBox
        problem={
          act?.state === 'failed'
            ? act.problem
            : { code: 'not-shared', message: trans.__('It is not on %1 yet', remote) }
        }
      >
        <Button small disabled={act?.state === 'pending'} onClick={() => void again()}>
          {trans.__('Try again')}
        </Button>
      </ProblemBox>
    </li>
  );
}

/** Telling it where they work: each place by a click of its own, for it leaves the machine. */
function Tell({ project, acts, done }: IAskedProps): React.ReactElement {
  const { trans, reviews, isByPerson } = useHost();
  const { version } = done.page;
  const [told, setTold] = React.useState<readonly Told[]>([]);
  const places: readonly (readonly [TellPlace, string])[] = [
    ['pull-request', trans.__('Below the pull request')],
    ['work-item', trans.__('Below the work items')],
    ['webhook', trans.__('To the webhook')]
  ];
  return (
    <section className="jp-Mlcd-card" aria-label={trans.__('Tell it where they work')}>
      <header>
        <b>{trans.__('Tell it where they work')}</b>
      </header>
      <div className="jp-Mlcd-card-body">
        <div className="jp-Mlcd-buttons">
          {places.map(([place, words]) => (
            <Button
              key={place}
              small
              disabled={acts.get(actName.tellReview(project, version, place))?.state === 'pending'}
              onClick={event => {
                if (isByPerson(event.nativeEvent)) {
                  void reviews
                    .tell(project, version, place)
                    .then(found => setTold(before => [...before, ...(found ?? [])]));
                }
              }}
            >
              {words}
            </Button>
          ))}
        </div>
        {places.map(([place]) => {
          const name = actName.tellReview(project, version, place);
          return <Refused key={place} name={name} act={acts.get(name)} />;
        })}
        <div role="status">
          <ul className="jp-Mlcd-lines">
            {told.map(one => (
              <li key={`${one.where}:${one.problem}`} data-told={one.where}>
                <Mark
                  shape={one.problem ? 'failed' : 'passed'}
                  label={one.problem ? trans.__('Problem') : trans.__('done')}
                />
                <span className="jp-Mlcd-grow">
                  {one.problem ? trans.__('%1: %2', one.where, one.problem) : one.where}
                </span>
              </li>
            ))}
          </ul>
        </div>
        <p className="jp-Mlcd-secondary">
          {trans.__(
            'It tells who asks whom, version, commit and how to look at it: no score, no output, no e-mail address.'
          )}
        </p>
      </div>
    </section>
  );
}

/** Words for a mail or a chat. */
function messageTo(
  { done, environment }: IAskedProps,
  trans: ReturnType<typeof useHost>['trans']
): string {
  const { page, remote } = done;
  return [
    trans.__('Please review %1 %2 for %3.', page.project, page.version, environment),
    trans.__(
      'In JupyterLab: Delivery panel, “Exchange with %1…”, then “Waiting for you”. In a terminal: jupyter mlcd review share; jupyter mlcd review show %2',
      remote || 'origin',
      page.version
    ),
    remote && page.link,
    trans.__('Fingerprint: %1', page.digest)
  ]
    .filter(Boolean)
    .join('\n');
}
