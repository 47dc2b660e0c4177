/** The cases of some evidence: verdicts, reasons, and the way to each executed notebook. */
import * as React from 'react';

import type { Manifest } from '../api/types';
import { duration } from './format';
import { useHost } from './host';
import { caseTitle } from './names';
import { Link, Mark } from './parts';
import { reasonWords, shapeOf, verdictWord } from './words';

export function Cases(props: { project: string; manifest: Manifest }): React.ReactElement {
  const { trans, open } = useHost();
  const { project } = props;
  const { run } = props.manifest;
  return (
    <section>
      <h3>{trans.__('Cases')}</h3>
      <div className="jp-Mlcd-scroll">
        <table className="jp-Mlcd-table" aria-label={trans.__('Cases')}>
          <tbody>
            {run.cases.map((result, index) => {
              const words = caseTitle(result);
              return (
                <tr key={result.id} data-case={result.id} data-verdict={result.verdict ?? ''}>
                  <td>
                    <Mark
                      shape={shapeOf(result.state, result.verdict)}
                      label={verdictWord(result.state, result.verdict, trans)}
                    />
                  </td>
                  <td>
                    {result.notebook}{' '}
                    <span className="jp-Mlcd-code">{parameters(result.parameters)}</span>
                  </td>
                  <td className="jp-Mlcd-secondary">{reasonWords(result, trans)}</td>
                  <td className="jp-Mlcd-mod-right">{duration(result.duration, trans)}</td>
                  <td className="jp-Mlcd-mod-right">
                    <Link
                      name={trans.__('Executed notebook of %1', words)}
                      onClick={() =>
                        open({ kind: 'notebook', project, run: run.id, index, title: words })
                      }
                    >
                      {trans.__('Executed notebook')}
                    </Link>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function parameters(all: Record<string, unknown>): string {
  return Object.entries(all)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}
