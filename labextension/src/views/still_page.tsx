/** An executed notebook or a report: a page in which nothing runs and which reaches nothing. */
import * as React from 'react';

import { type Remote, known, problemIn } from '../store/remote';
import { ProblemBox, Skeleton } from './parts';

/** The server sends the same policy; in a frame without address only this one counts. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'";

export function StillPage(props: {
  /** What it is, in words. */
  label: string;
  page: Remote<string>;
  /** The cell to begin at, counted from 0; null for the top. */
  cell: number | null;
}): React.ReactElement {
  const page = known(props.page);
  const problem = problemIn(props.page);
  return (
    <div className="jp-Mlcd jp-Mlcd-frame">
      {problem && <ProblemBox problem={problem} />}
      {!page && !problem && <Skeleton lines={8} />}
      {page !== null && (
        <iframe sandbox="" title={props.label} srcDoc={guarded(page, props.cell)} />
      )}
    </div>
  );
}

function guarded(page: string, cell: number | null): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">${beginAt(cell)}`;
  const head = /<head[^>]*>/i;
  return head.test(page) ? page.replace(head, tag => tag + meta) : meta + page;
}

/** Without scripts a page is scrolled by its style, where the browser knows how; all show the frame. */
function beginAt(cell: number | null): string {
  const rule = 'scroll-initial-target:nearest;outline:2px solid #1976d2;outline-offset:4px';
  return cell === null ? '' : `<style>main>:nth-child(${cell + 1}){${rule}}</style>`;
}
