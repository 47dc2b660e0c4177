/** An executed notebook as a still page: nothing in it runs, and nothing in it reaches out. */
import * as React from 'react';

import { type Remote, known, problemIn } from '../store/remote';
import { useHost } from './host';
import { ProblemBox, Skeleton } from './parts';

/** The server sends the same policy; in a frame without address only this one counts. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'";

export function NotebookPage(props: { title: string; page: Remote<string> }): React.ReactElement {
  const { trans } = useHost();
  const page = known(props.page);
  const problem = problemIn(props.page);
  return (
    <div className="jp-Mlcd jp-Mlcd-frame">
      {problem && <ProblemBox problem={problem} />}
      {!page && !problem && <Skeleton lines={8} />}
      {page !== null && (
        <iframe
          sandbox=""
          title={trans.__('Executed notebook %1', props.title)}
          srcDoc={guarded(page)}
        />
      )}
    </div>
  );
}

function guarded(page: string): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  const head = /<head[^>]*>/i;
  return head.test(page) ? page.replace(head, tag => tag + meta) : meta + page;
}
