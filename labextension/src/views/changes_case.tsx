/** The case that is read: what changed in it, cell by cell, and how to walk through that. */
import * as React from 'react';

import type { CaseChanges, EvidenceChanges, ProjectReference } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { type IWalk, isTypedInto } from './change_walk';
import { Cells } from './changes_cells';
import type { ISides } from './changes_lines';
import { type Mode, scoreChangeWords } from './changes_words';
import { useHost } from './host';
import { caseName } from './names';
import { Button, Facts, ProblemBox, Skeleton } from './parts';
import { RemarkButton, Remarks, useWriting } from './remarks';

interface ICaseProps {
  readonly project: ProjectReference;
  readonly comparison: EvidenceChanges;
  readonly changes: Remote<CaseChanges>;
  readonly walk: IWalk;
  readonly sides: ISides;
  /** Open the executed notebook of the case. */
  readonly openExecuted: (() => void) | null;
}

export function ReadCase(props: ICaseProps): React.ReactElement {
  const changes = known(props.changes);
  const problem = problemIn(props.changes);
  return (
    <div className="jp-Mlcd-read">
      {problem && <ProblemBox problem={problem} />}
      {changes ? (
        <KnownCase key={changes.case.id} {...props} known={changes} />
      ) : (
        !problem && <Skeleton lines={6} />
      )}
    </div>
  );
}

function KnownCase(props: ICaseProps & { known: CaseChanges }): React.ReactElement {
  const { trans, openFile } = useHost();
  const { known: all, project, comparison, walk, sides } = props;
  const { case: about } = all;
  const writing = useWriting(about, null);
  const place = (
    run: string | undefined,
    index: number | null
  ): { run: string; case: number } | null =>
    run === undefined || index === null ? null : { run, case: index };
  return (
    <article
      aria-label={trans.__('What changed in %1', caseName(about))}
      data-case={about.id}
      onKeyDown={event => {
        if (event.key === 'c' && !isTypedInto(event)) {
          event.stopPropagation();
          writing.open();
        }
      }}
    >
      <header className="jp-Mlcd-caseHead">
        <h4>{caseName(about)}</h4>
        <Walk walk={walk} />
      </header>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <ModeChoice walk={walk} />
        <RemarkButton name={caseName(about)} writing={writing} />
        {props.openExecuted && (
          <Button small onClick={props.openExecuted}>
            {trans.__('Executed notebook')}
          </Button>
        )}
      </div>
      <Facts className="jp-Mlcd-facts">
        {about.problem}
        {scoreChangeWords(about, trans).join(' · ')}
      </Facts>
      <Remarks about={about} cell={null} name={caseName(about)} writing={writing} />
      {sides.before !== null && (
        <div className="jp-Mlcd-sides jp-Mlcd-sideNames" aria-hidden="true">
          <span>{sides.before}</span>
          <span>{sides.after}</span>
        </div>
      )}
      {walk.mode !== 'whole' && walk.changes.length === 0 && <NothingHere mode={walk.mode} />}
      <Cells
        known={all}
        walk={walk}
        sides={sides}
        places={{
          project: project.id,
          before: place(all.against?.run, about.before),
          after: place(comparison.run, about.after)
        }}
        openCell={about.after === null ? null : cell => openFile(project, about.notebook, cell)}
      />
    </article>
  );
}

function NothingHere({ mode }: { mode: Mode }): React.ReactElement {
  const { trans } = useHost();
  const words: Record<Mode, string> = {
    changes: trans.__('Every cell is the same.'),
    sources: trans.__('Every source is the same.'),
    outputs: trans.__('Every output is the same.'),
    whole: ''
  };
  return <p className="jp-Mlcd-secondary">{words[mode]}</p>;
}

/** Previous and next, where one stands, and the keys that do the same. */
function Walk({ walk }: { walk: IWalk }): React.ReactElement {
  const { trans } = useHost();
  const { at, changes, step, can } = walk;
  const count = trans._n('%1 change', '%1 changes', changes.length);
  return (
    <div className="jp-Mlcd-buttons jp-Mlcd-walk">
      <span role="status" className="jp-Mlcd-number">
        {at === null ? count : trans.__('change %1 of %2', at + 1, changes.length)}
      </span>
      <Button
        small
        name={trans.__('Previous change (P)')}
        disabled={!can(-1)}
        onClick={() => step(-1)}
      >
        {trans.__('Previous')}
      </Button>
      <Button small name={trans.__('Next change (N)')} disabled={!can(1)} onClick={() => step(1)}>
        {trans.__('Next')}
      </Button>
    </div>
  );
}

function ModeChoice({ walk }: { walk: IWalk }): React.ReactElement {
  const { trans } = useHost();
  const group = React.useId();
  const words: Record<Mode, string> = {
    changes: trans.__('All changes'),
    sources: trans.__('Sources'),
    outputs: trans.__('Outputs'),
    whole: trans.__('Whole notebook')
  };
  const modes: readonly Mode[] = ['changes', 'sources', 'outputs', 'whole'];
  return (
    <fieldset className="jp-Mlcd-modes">
      <legend className="jp-Mlcd-unseen">{trans.__('What is shown')}</legend>
      {modes.map(mode => (
        <label key={mode}>
          <input
            type="radio"
            name={group}
            checked={walk.mode === mode}
            onChange={() => walk.turn(mode)}
          />
          <span>{words[mode]}</span>
        </label>
      ))}
    </fieldset>
  );
}
