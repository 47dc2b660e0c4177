/** What stands in the way of keeping a run: each value with its places, and what can be done. */
import * as React from 'react';

import type { FoundPersonal, ProjectReference, Run, SecretsFound } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { AllowSheet } from './allow_sheet';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { caseTitle } from './names';
import { Button, Mark, ProblemBox } from './parts';
import {
  type ISecretValue,
  isInTheWay,
  isSource,
  isToLookAt,
  placeWords,
  valuesOf
} from './secret_words';

/** What to write there, in every language. */
const OUT_OF_GIT = '[personal-data] found = "out-of-git"';

export interface IKeepSheetProps {
  /** Null until it is known: then no file can be opened yet. */
  readonly project: ProjectReference | null;
  readonly id: string;
  readonly run: Run;
  readonly found: SecretsFound;
  /** Whether it is not being asked for again, and may be confirmed. */
  readonly isFresh: boolean;
  readonly acts: ReadonlyMap<string, Act>;
  /** Put it away. */
  readonly close: () => void;
}

export function KeepSheet(props: IKeepSheetProps): React.ReactElement {
  const { trans, verbs } = useHost();
  const { id, run, found, acts, close } = props;
  const [allowing, allow] = React.useState('');
  const values = valuesOf(found);
  const left = values.filter(value => value.places.some(one => isInTheWay(one, found)));
  const act = acts.get(actName.keep(id, run.id));
  const isBusy = act?.state === 'pending';
  const { personal } = found;
  const keep = (): void => void verbs.keep(id, run.id, personal.length > 0);
  const sheet = useFocus();
  const title = titleWords(left.length, personal.length, trans);
  return (
    <section
      ref={sheet}
      className="jp-Mlcd-reviewSheet jp-Mlcd-keepSheet"
      role="dialog"
      aria-label={title}
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          close();
        }
      }}
    >
      <h3>
        <span role="status">{title}</span>
      </h3>
      {(values.length > 0 || personal.length === 0) && (
        <p>
          {trans.__(
            'Nothing was written. Git keeps for ever what it is given: take it out of the notebook and run again, or allow what is no secret.'
          )}
        </p>
      )}
      {values.length > 0 && (
        <ul className="jp-Mlcd-secrets" aria-label={trans.__('What looks like a secret')}>
          {values.map(value => (
            <Value
              key={value.key}
              {...props}
              value={value}
              isLast={left.length === 1 && left[0] === value && personal.length === 0}
              isAllowing={allowing === value.key}
              allow={isOpen => allow(isOpen ? value.key : '')}
              keep={keep}
            />
          ))}
        </ul>
      )}
      {personal.length > 0 && <Personal {...props} personal={personal} />}
      {act?.state === 'failed' && !isToLookAt(act.problem) && <ProblemBox problem={act.problem} />}
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow jp-Mlcd-secondary">
          {left.length > 0 &&
            trans._n('%1 is still to be looked at', '%1 are still to be looked at', left.length)}
        </span>
        <Button onClick={close}>{trans.__('Not now')}</Button>
        <Button
          primary={left.length === 0 && personal.length === 0}
          disabled={left.length > 0 || isBusy}
          onClick={keep}
        >
          {isBusy
            ? trans.__('Keeping…')
            : personal.length > 0
              ? trans.__('Keep it in git all the same')
              : trans.__('Keep')}
        </Button>
      </footer>
    </section>
  );
}

/** Who hears the page is led here, where it says why her click did nothing. */
function useFocus(): React.RefObject<HTMLElement> {
  const sheet = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    sheet.current?.focus({ preventScroll: true });
  }, []);
  return sheet;
}

function titleWords(
  left: number,
  personal: number,
  trans: ReturnType<typeof useHost>['trans']
): string {
  if (left > 0) {
    return trans._n(
      'Not kept: %1 value in it looks like a secret',
      'Not kept: %1 values in it look like secrets',
      left
    );
  }
  return personal > 0
    ? trans._n(
        'Not kept yet: %1 table in it looks like personal data',
        'Not kept yet: %1 tables in it look like personal data',
        personal
      )
    : trans.__('Nothing stands in the way any more: it can be kept');
}

/** Tables whose rows look like people: nobody but her knows whether they are. */
function Personal(
  props: IKeepSheetProps & { personal: readonly FoundPersonal[] }
): React.ReactElement {
  const { trans, openFile } = useHost();
  const { personal, project } = props;
  return (
    <>
      <p>
        {trans.__(
          'Git keeps for ever what it is given, in every clone, and erasing does not reach it. Keep such notebooks out of git, take the table out and run again, or keep it all the same where the rows are of nobody.'
        )}
        {project && (
          <>
            {' '}
            <Button small onClick={() => openFile(project, 'mlcd.toml')}>
              {trans.__('Open %1', 'mlcd.toml')}
            </Button>{' '}
            <span className="jp-Mlcd-secondary jp-Mlcd-code">{OUT_OF_GIT}</span>
          </>
        )}
      </p>
      <ul className="jp-Mlcd-secrets" aria-label={trans.__('What looks like personal data')}>
        {personal.map(({ finding, ...place }, index) => (
          <li key={index} data-personal={finding.file}>
            <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
              <Mark shape="warning" label={trans.__('Looks like personal data')} />
              <b>{finding.kinds.join(', ')}</b>
              <span className="jp-Mlcd-secondary">
                {finding.rows > 0 && trans._n('in %1 row', 'in %1 rows', finding.rows)}
              </span>
            </div>
            <ul className="jp-Mlcd-places">
              <PlaceLine {...props} place={{ ...place, ...finding }} />
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}

interface IValueProps extends IKeepSheetProps {
  readonly value: ISecretValue;
  /** Whether nothing stands in the way any more once it is allowed. */
  readonly isLast: boolean;
  readonly isAllowing: boolean;
  readonly allow: (isOpen: boolean) => void;
  readonly keep: () => void;
}

function Value(props: IValueProps): React.ReactElement {
  const { trans } = useHost();
  const { value, found, isAllowing, allow, isLast, keep } = props;
  const { finding, allowance } = value.first;
  const isBlocked = value.places.some(one => isInTheWay(one, found));
  return (
    <li data-secret={finding.rule} data-blocks={isBlocked}>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <Mark
          shape={isBlocked ? 'failed' : allowance ? 'warning' : 'passed'}
          label={
            isBlocked
              ? trans.__('Stands in the way')
              : allowance
                ? trans.__('Allowed')
                : trans.__('Is taken out')
          }
        />
        <b>{finding.rule}</b>
        <span className="jp-Mlcd-grow jp-Mlcd-code">{finding.sample}</span>
        {isBlocked && !isAllowing && (
          <Button
            small
            name={trans.__('Allow %1 %2…', finding.rule, finding.sample)}
            onClick={() => allow(true)}
          >
            {trans.__('Allow…')}
          </Button>
        )}
      </div>
      <Outcome {...props} isBlocked={isBlocked} />
      <Places {...props} />
      {isAllowing && (
        <AllowSheet
          {...props}
          value={value.first}
          keepsThen={isLast}
          done={() => {
            allow(false);
            if (isLast) {
              keep();
            }
          }}
          close={() => allow(false)}
        />
      )}
    </li>
  );
}

/** What became of it: allowed by whom, or taken out. */
function Outcome({
  value,
  isBlocked
}: IValueProps & { isBlocked: boolean }): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const { allowance } = value.first;
  if (allowance) {
    const { by, until, reason } = allowance;
    return (
      <p className="jp-Mlcd-excepted">
        {until
          ? trans.__('allowed by %1 until %2: %3', person(by), moment(until, now, trans), reason)
          : trans.__('allowed by %1: %2', person(by), reason)}
      </p>
    );
  }
  return isBlocked ? null : (
    <p className="jp-Mlcd-secondary">{trans.__('Keep takes it out, and says so.')}</p>
  );
}

function Places({ value, ...sheet }: IValueProps): React.ReactElement {
  return (
    <ul className="jp-Mlcd-places">
      {value.places.map(one => (
        <PlaceLine
          key={one.number}
          {...sheet}
          place={{ ...one, ...one.finding }}
          isSource={isSource(one)}
        />
      ))}
    </ul>
  );
}

interface IFoundPlace {
  readonly case: number | null;
  readonly name: string;
  readonly source: number | null;
  readonly cell: number | null;
  readonly output: number | null;
}

function PlaceLine(
  props: IKeepSheetProps & { place: IFoundPlace; isSource?: boolean }
): React.ReactElement {
  const { trans, open, openFile } = useHost();
  const { place, project, id, run } = props;
  const { case: index, cell, source } = place;
  const result = index === null ? undefined : run.cases[index];
  const words = placeWords(place.name, place, { result, source }, trans);
  return (
    <li className="jp-Mlcd-row jp-Mlcd-mod-wrap">
      <span className="jp-Mlcd-grow jp-Mlcd-secondary">{words}</span>
      {props.isSource && result && project && source !== null && (
        <Button
          small
          name={trans.__('Open the notebook at %1', words)}
          onClick={() => openFile(project, result.notebook, source)}
        >
          {trans.__('Open the notebook')}
        </Button>
      )}
      {result && index !== null && cell !== null && (
        <Button
          small
          name={trans.__('Show the cell: %1', words)}
          onClick={() => {
            const title = caseTitle(result);
            open({ kind: 'notebook', project: id, run: run.id, index, cell, title });
          }}
        >
          {trans.__('Show the cell')}
        </Button>
      )}
    </li>
  );
}
