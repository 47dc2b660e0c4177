/** What stands in the way of keeping a run: each value with its places, and what can be done. */
import * as React from 'react';

import type { ProjectReference, Run, SecretsFound } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { AllowSheet } from './allow_sheet';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { caseTitle } from './names';
import { Button, Mark, ProblemBox } from './parts';
import {
  type ISecretValue,
  SECRET_FOUND,
  isInTheWay,
  isSource,
  placeWords,
  valuesOf
} from './secret_words';

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
  const keep = (): void => void verbs.keep(id, run.id);
  const sheet = useFocus();
  const title = titleWords(left.length, trans);
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
      <p>
        {trans.__(
          'Nothing was written. Git keeps for ever what it is given: take it out of the notebook and run again, or allow what is no secret.'
        )}
      </p>
      <ul className="jp-Mlcd-secrets" aria-label={trans.__('What looks like a secret')}>
        {values.map(value => (
          <Value
            key={value.key}
            {...props}
            value={value}
            isLast={left.length === 1 && left[0] === value}
            isAllowing={allowing === value.key}
            allow={isOpen => allow(isOpen ? value.key : '')}
            keep={keep}
          />
        ))}
      </ul>
      {act?.state === 'failed' && act.problem.code !== SECRET_FOUND && (
        <ProblemBox problem={act.problem} />
      )}
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow jp-Mlcd-secondary">
          {left.length > 0 &&
            trans._n('%1 is still to be looked at', '%1 are still to be looked at', left.length)}
        </span>
        <Button onClick={close}>{trans.__('Not now')}</Button>
        <Button primary={left.length === 0} disabled={left.length > 0 || isBusy} onClick={keep}>
          {isBusy ? trans.__('Keeping…') : trans.__('Keep')}
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

function titleWords(left: number, trans: ReturnType<typeof useHost>['trans']): string {
  return left > 0
    ? trans._n(
        'Not kept: %1 value in it looks like a secret',
        'Not kept: %1 values in it look like secrets',
        left
      )
    : trans.__('Nothing stands in the way any more: it can be kept');
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

function Places({ value, project, id, run }: IValueProps): React.ReactElement {
  const { trans, open, openFile } = useHost();
  return (
    <ul className="jp-Mlcd-places">
      {value.places.map(one => {
        const { finding, name, source } = one;
        const result = one.case === null ? undefined : run.cases[one.case];
        const words = placeWords(name, finding, { result, source }, trans);
        return (
          <li key={one.number} className="jp-Mlcd-row jp-Mlcd-mod-wrap">
            <span className="jp-Mlcd-grow jp-Mlcd-secondary">{words}</span>
            {isSource(one) && result && project && source !== null && (
              <Button
                small
                name={trans.__('Open the notebook at %1', words)}
                onClick={() => openFile(project, result.notebook, source)}
              >
                {trans.__('Open the notebook')}
              </Button>
            )}
            {result && one.case !== null && finding.cell !== null && (
              <Button
                small
                name={trans.__('Show the cell: %1', words)}
                onClick={() =>
                  open({
                    kind: 'notebook',
                    project: id,
                    run: run.id,
                    index: one.case ?? 0,
                    cell: finding.cell ?? 0,
                    title: caseTitle(result)
                  })
                }
              >
                {trans.__('Show the cell')}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
