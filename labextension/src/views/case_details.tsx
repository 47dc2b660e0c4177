/** Everything about a case beside its red cells: scores, tables and figures, files, attempts. */
import * as React from 'react';

import type { Attempt, CaseResult } from '../api/types';
import { isRed } from '../store/questions';
import type { ICardProps } from './case_card';
import { CaseScores } from './case_scores';
import { Differences } from './difference_view';
import { duration, fileSize, memory, shortDigest } from './format';
import { useHost } from './host';
import { caseTitle, withNames } from './names';
import { Facts, Identifier, Link, Mark } from './parts';
import { cellAndReason, reasonWords, shapeOf, verdictWord } from './words';

type IDetailsProps = ICardProps & { readonly index: number };

export function CaseDetails(props: IDetailsProps): React.ReactElement {
  const { trans } = useHost();
  const { result } = props;
  const [cell, reason] = cellAndReason(result.reason);
  const isSaidAbove =
    reason === '' || (cell !== '' && result.cells.some(one => isRed(one.verdict)));
  return (
    <div className="jp-Mlcd-card-body">
      {!isSaidAbove && <p>{reasonWords(result, trans)}</p>}
      <Figures result={result} />
      <Remarks remarks={result.remarks} />
      <Attempts {...props} />
      <CaseScores result={result} />
      <Exhibits {...props} />
      <Products result={result} />
      <ReferenceLine {...props} />
    </div>
  );
}

/** How long, how much memory, how often: only what was measured. */
function Figures({ result }: { result: CaseResult }): React.ReactElement | null {
  const { trans } = useHost();
  if (result.state !== 'ended' || result.started === '') {
    return null;
  }
  return (
    <Facts className="jp-Mlcd-secondary">
      {duration(result.duration, trans)}
      {result.peak_memory > 0 && trans.__('%1 at its peak', memory(result.peak_memory))}
    </Facts>
  );
}

/** What is worth knowing and changes no verdict. */
export function Remarks({ remarks }: { remarks: readonly string[] }): React.ReactElement | null {
  const { trans } = useHost();
  if (remarks.length === 0) {
    return null;
  }
  return (
    <ul className="jp-Mlcd-remarks" aria-label={trans.__('Remarks')}>
      {remarks.map((remark, index) => (
        <li key={index}>
          <Mark shape="remark" label={trans.__('Remark')} />
          <span>{withNames(remark)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The executions before the last one, oldest first. */
function Attempts(props: IDetailsProps): React.ReactElement | null {
  const { trans } = useHost();
  const { attempts } = props.result;
  if (attempts.length === 0) {
    return null;
  }
  return (
    <section aria-label={trans.__('Earlier attempts')}>
      <h3>{trans._n('Earlier attempt', 'Earlier attempts', attempts.length)}</h3>
      <ol className="jp-Mlcd-attempts">
        {attempts.map((attempt, index) => (
          <li key={attempt.started || index} data-verdict={attempt.verdict}>
            <AttemptLine attempt={attempt} number={index + 1} />
            <AttemptFold {...props} attempt={attempt} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function AttemptLine(props: { attempt: Attempt; number: number }): React.ReactElement {
  const { trans } = useHost();
  const { verdict, reason, peak_memory } = props.attempt;
  const word = verdictWord('ended', verdict, trans);
  const peak = peak_memory > 0 ? trans.__('%1 at its peak', memory(peak_memory)) : '';
  return (
    <div className="jp-Mlcd-row">
      <Mark shape={shapeOf('ended', verdict)} label={word} />
      <span className="jp-Mlcd-grow">
        {trans.__('attempt %1: %2', props.number, withNames(reason) || word)}
      </span>
      <span className="jp-Mlcd-number">
        {[duration(props.attempt.duration, trans), peak].filter(Boolean).join(' · ')}
      </span>
    </div>
  );
}

function AttemptFold(props: IDetailsProps & { attempt: Attempt }): React.ReactElement | null {
  const { trans } = useHost();
  const red = props.attempt.cells.filter(cell => isRed(cell.verdict));
  const differences = red.flatMap(cell => cell.differences);
  if (differences.length === 0) {
    return null;
  }
  return (
    <details className="jp-Mlcd-details">
      <summary>{trans.__('Expected and got then')}</summary>
      <Differences project={props.id} run={props.run.id} differences={differences} />
    </details>
  );
}

/** Tables and figures that the notebook recorded: names that lead to them. */
function Exhibits({ result, run, id, index }: IDetailsProps): React.ReactElement | null {
  const { trans, open } = useHost();
  if (result.exhibits.length === 0) {
    return null;
  }
  const words = { table: trans.__('table'), figure: trans.__('figure') };
  return (
    <section aria-label={trans.__('Tables and figures')}>
      <h3>{trans.__('Tables and figures')}</h3>
      <ul className="jp-Mlcd-exhibits">
        {result.exhibits.map(({ name, kind, cell }) => (
          <li key={`${name} ${cell}`}>
            <Link
              name={trans.__('Show the %1 %2 in the executed notebook', words[kind], name)}
              onClick={() =>
                open({
                  kind: 'notebook',
                  project: id,
                  run: run.id,
                  index,
                  cell,
                  title: caseTitle(result)
                })
              }
            >
              {name}
            </Link>{' '}
            <span className="jp-Mlcd-secondary">{words[kind]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Products({ result }: { result: CaseResult }): React.ReactElement | null {
  const { trans } = useHost();
  const products = Object.entries(result.products);
  if (products.length === 0) {
    return null;
  }
  return (
    <section aria-label={trans.__('Files')}>
      <h3>{trans.__('Files')}</h3>
      <dl className="jp-Mlcd-pairs">
        {products.map(([name, file]) => (
          <React.Fragment key={name}>
            <dt>{result.candidate ? trans.__('%1, to be delivered', name) : name}</dt>
            <dd>
              {fileSize(file.size)}{' '}
              <Identifier text={file.sha256} short={shortDigest(file.sha256)} />
            </dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}

/** Where the expected results come from; only where something was compared. */
function ReferenceLine({ result, project }: IDetailsProps): React.ReactElement | null {
  const host = useHost();
  const { trans } = host;
  const { reference } = result;
  if (!result.cells.some(cell => cell.compared)) {
    return null;
  }
  return (
    <p className="jp-Mlcd-secondary">
      {trans.__('Expected results:')}{' '}
      {reference === '' && trans.__('as they are saved in the notebook')}
      {reference !== '' && project && (
        <Link
          name={trans.__('Open the expected results %1', reference)}
          onClick={() => host.openFile(project, reference)}
        >
          <span className="jp-Mlcd-code">{reference}</span>
        </Link>
      )}
      {reference !== '' && !project && <span className="jp-Mlcd-code">{reference}</span>}
    </p>
  );
}
