/** "Suites": each with its run, case by case, live. */
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Run, Status, SuiteStatus } from '../api/types';
import { isRed } from '../store/questions';
import type { Act } from '../store/store';
import { finish, moment, notebookName } from './format';
import { useHost, useNow } from './host';
import { Cases } from './panel_cases';
import { withNames } from './names';
import { Bar, Link, Mark, Tag } from './parts';
import { RunVoice } from './run_voice';
import { SuiteButtons } from './suite_buttons';
import {
  againWords,
  countWords,
  fraction,
  matchWords,
  partialWords,
  shapeOf,
  verdictWord
} from './words';

interface ISuitesProps {
  readonly status: Status;
  readonly acts: ReadonlyMap<string, Act>;
}

export function PanelSuites({ status, acts }: ISuitesProps): React.ReactElement {
  const { trans } = useHost();
  const { suites, runs } = status;
  return (
    <section className="jp-Mlcd-section" aria-labelledby="jp-Mlcd-suites">
      <h3 id="jp-Mlcd-suites">{trans.__('Suites')}</h3>
      {suites.length === 0 && (
        <div className="jp-Mlcd-secondary">
          {trans.__('none yet; “Run as test” in a notebook’s toolbar runs it as it is')}
        </div>
      )}
      {suites.map(suite => (
        <Suite key={suite.name} status={status} suite={suite} run={suite.run} acts={acts} />
      ))}
      {runs.length > 0 && <h4>{trans.__('Single runs')}</h4>}
      {runs.map(run => (
        <Suite key={run.id} status={status} suite={null} run={run} acts={acts} />
      ))}
    </section>
  );
}

interface ISuiteProps extends ISuitesProps {
  /** Null for a run that no suite shows. */
  readonly suite: SuiteStatus | null;
  readonly run: Run | null;
}

export function Suite(props: ISuiteProps): React.ReactElement {
  const { run, suite, status } = props;
  const { trans } = useHost();
  const name = suite?.name ?? run?.suite ?? '';
  const [chosen, choose] = useFold(run);
  const isOpen = run !== null && chosen;
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <div className="jp-Mlcd-suite" data-suite={name} data-verdict={run?.verdict ?? ''}>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <button
          type="button"
          className="jp-Mlcd-fold"
          aria-expanded={isOpen}
          aria-label={trans.__('Cases of %1', name)}
          disabled={run === null}
          onClick={() => choose(!isOpen)}
        >
          <Caret.react tag="span" />
        </button>
        <SuiteName {...props} name={name} />
        <SuiteNumbers run={run} cases={suite?.cases ?? 0} />
        <SuiteButtons
          project={status.project.id}
          name={name}
          suite={suite}
          run={run}
          acts={props.acts}
        />
      </div>
      {run !== null && run.state !== 'ended' && (
        <Bar fraction={fraction(run)} label={trans.__('Progress of %1', name)} />
      )}
      <OlderTag suite={suite} />
      <PartialTag suite={suite} run={run} />
      <RunVoice run={run} />
      {isOpen && <Cases run={run} project={status.project} />}
    </div>
  );
}

/** Open while something happens or is red; whoever opens or closes it is obeyed. */
function useFold(run: Run | null): [boolean, (isOpen: boolean) => void] {
  const [folds, setFolds] = React.useState<ReadonlyMap<string, boolean>>(new Map());
  const id = run?.id ?? '';
  const isInteresting = run !== null && (run.state !== 'ended' || isRed(run.verdict));
  const isOpen = folds.get(id) ?? isInteresting;
  React.useEffect(() => {
    if (isInteresting) {
      // A run that turns green keeps its rows: nothing jumps.
      setFolds(before => (before.has(id) ? before : new Map(before).set(id, true)));
    }
  }, [id, isInteresting]);
  return [isOpen, open => setFolds(new Map(folds).set(id, open))];
}

function SuiteName(props: ISuiteProps & { name: string }): React.ReactElement {
  const { trans, open } = useHost();
  const { run, suite, status, name } = props;
  if (!run) {
    return (
      <>
        <Mark shape="waiting" label={trans.__('never run')} />
        <b className="jp-Mlcd-grow">{name}</b>
      </>
    );
  }
  return (
    <>
      <Mark
        shape={shapeOf(run.state, run.verdict)}
        label={verdictWord(run.state, run.verdict, trans)}
      />
      <span className="jp-Mlcd-grow">
        <Link
          name={trans.__('Run of %1', name)}
          title={withNames(run.reason)}
          onClick={() => open({ kind: 'run', project: status.project.id, run: run.id })}
        >
          <b>{suite ? name : run.scored ? againWords(run.scored, trans) : notebookName(name)}</b>
        </Link>
      </span>
    </>
  );
}

/** Says that the newest run is of other files than the ones there now. */
function OlderTag({ suite }: { suite: SuiteStatus | null }): React.ReactElement | null {
  const { trans } = useHost();
  if (suite?.run?.state !== 'ended' || suite.match === null || suite.match === 'matches') {
    return null;
  }
  return (
    <div className="jp-Mlcd-row jp-Mlcd-mod-inner">
      <Tag title={suite.changed.join('\n')}>{matchWords('older', suite.changed, trans)}</Tag>
    </div>
  );
}

/** Says that not all of the suite was run. */
function PartialTag(props: {
  suite: SuiteStatus | null;
  run: Run | null;
}): React.ReactElement | null {
  const { trans } = useHost();
  const { suite, run } = props;
  // A run that scored a live version says so by its name.
  const words = run && !run.scored ? partialWords(run, suite?.cases ?? null, trans) : '';
  return words ? (
    <div className="jp-Mlcd-row jp-Mlcd-mod-inner jp-Mlcd-partial">
      <Mark shape="warning" label={trans.__('Attention')} />
      <span className="jp-Mlcd-secondary">{words}</span>
    </div>
  ) : null;
}

function SuiteNumbers({ run, cases }: { run: Run | null; cases: number }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  if (!run) {
    return <span className="jp-Mlcd-number">{trans._n('%1 case', '%1 cases', cases)}</span>;
  }
  const time = run.state === 'ended' ? moment(run.ended, now, trans) : finish(run, now, trans);
  return (
    <span className="jp-Mlcd-number">
      {[countWords(run, trans), time].filter(Boolean).join(' · ')}
    </span>
  );
}
