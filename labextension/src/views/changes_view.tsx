/** What changed in evidence against what is live: first the cases, then one of them cell by cell. */
import * as React from 'react';

import type { EvidenceChanges, EvidenceStatus, Manifest, ProjectReference } from '../api/types';
import type { IEvidenceReading } from '../store/reading';
import { known, problemIn } from '../store/remote';
import type { IWalk } from './change_walk';
import { ReadCase } from './changes_case';
import type { ISides } from './changes_lines';
import { CaseList } from './changes_list';
import { againstWords } from './changes_words';
import { AgainstChoice } from './evidence_against';
import { useHost, useNow } from './host';
import { caseTitle } from './names';
import { ProblemBox, Skeleton } from './parts';
import { useRead } from './read_marks';

interface IChangesProps {
  readonly project: ProjectReference;
  readonly manifest: Manifest;
  readonly evidence: readonly EvidenceStatus[];
  readonly reading: IEvidenceReading;
  readonly walk: IWalk;
}

export function ChangesView(props: IChangesProps): React.ReactElement {
  const { trans } = useHost();
  const { reading, manifest, evidence } = props;
  const comparison = known(reading.comparison);
  const problem = problemIn(reading.comparison);
  return (
    <section aria-label={trans.__('What changed')} data-against={comparison?.against?.run ?? ''}>
      <header className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <h3 className="jp-Mlcd-grow">{trans.__('What changed')}</h3>
        <AgainstChoice
          run={manifest.run.id}
          suite={manifest.run.suite}
          evidence={evidence}
          against={comparison?.against ?? null}
          chosen={reading.against}
          choose={against => reading.look({ against })}
        />
      </header>
      {problem && <ProblemBox problem={problem} />}
      {comparison ? (
        <Compared {...props} comparison={comparison} />
      ) : (
        !problem && <Skeleton lines={6} />
      )}
    </section>
  );
}

function Compared(props: IChangesProps & { comparison: EvidenceChanges }): React.ReactElement {
  const { open } = useHost();
  const { project, manifest, evidence, reading, walk, comparison } = props;
  const { run } = manifest;
  const digest = evidence.find(one => one.id === run.id)?.digest ?? '';
  const changes = known(reading.changes);
  const read = useRead(digest, comparison.against?.run ?? '', changes?.case.id ?? '');
  const sides = useSides(props);
  const index = changes?.case.after ?? null;
  const result = index === null ? undefined : run.cases[index];
  return (
    <>
      {!comparison.against && <NothingLive suite={run.suite} />}
      <div className="jp-Mlcd-reading">
        <CaseList
          cases={comparison.cases}
          shown={reading.shown}
          read={read}
          choose={chosen => reading.look({ chosen })}
        />
        {reading.shown !== null && (
          <ReadCase
            project={project}
            comparison={comparison}
            changes={reading.changes}
            walk={walk}
            sides={sides}
            openExecuted={
              index === null || !result
                ? null
                : () =>
                    open({
                      kind: 'notebook',
                      project: project.id,
                      run: run.id,
                      index,
                      title: caseTitle(result)
                    })
            }
          />
        )}
      </div>
    </>
  );
}

/** "live, 0.1.0" beside "this, 0.2.0". */
function useSides(props: IChangesProps & { comparison: EvidenceChanges }): ISides {
  const { trans } = useHost();
  const now = useNow();
  const { against } = props.comparison;
  const [version] = props.evidence.find(one => one.id === props.comparison.run)?.versions ?? [];
  return {
    before: against && againstWords(against, now, trans),
    after: version ? trans.__('this, %1', version) : trans.__('this run')
  };
}

function NothingLive({ suite }: { suite: string }): React.ReactElement {
  const { trans } = useHost();
  return (
    <p className="jp-Mlcd-note">
      {trans.__(
        'Nothing is live that stands on another run of %1: all of it is new, and the whole of it is shown. Another kept run can be chosen to compare with.',
        suite
      )}
    </p>
  );
}
