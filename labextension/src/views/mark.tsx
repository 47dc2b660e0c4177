/** The marks: a shape, a colour and a word each. */
import * as React from 'react';

import type { Shape } from './words';

const PATHS: Record<Shape, React.ReactElement> = {
  passed: (
    <>
      <circle className="jp-Mlcd-mark-ground" cx="8" cy="8" r="8" />
      <path className="jp-Mlcd-mark-sign" d="M4.3 8.4l2.5 2.5 4.9-5.4" />
    </>
  ),
  flaky: (
    <>
      <path className="jp-Mlcd-mark-turn" d="M3.2 4.9A6.3 6.3 0 1 0 8 2.7" />
      <path className="jp-Mlcd-mark-ground" d="M8.3 .1v5.2L4.6 2.7z" />
      <path className="jp-Mlcd-mark-tick" d="M5.4 9.2l1.9 1.9 3.5-3.9" />
    </>
  ),
  failed: (
    <>
      <rect className="jp-Mlcd-mark-ground" width="16" height="16" rx="3" />
      <path className="jp-Mlcd-mark-sign" d="M5 5l6 6M11 5l-6 6" />
    </>
  ),
  running: (
    <>
      <circle className="jp-Mlcd-mark-track" cx="8" cy="8" r="6.75" />
      <path className="jp-Mlcd-mark-turning" d="M8 1.25A6.75 6.75 0 1 1 1.25 8" />
    </>
  ),
  waiting: <circle className="jp-Mlcd-mark-ring" cx="8" cy="8" r="6.75" />,
  warning: (
    <>
      <path
        className="jp-Mlcd-mark-ground"
        d="M8 0a6.5 6.5 0 0 1 6.500 6.500V12a1.500 1.500 0 0 1-1.500 1.500H3A1.500 1.500 0 0 1 1.500 12V6.500A6.500 6.500 0 0 1 8 0zM6 14.500h4a2 1.500 0 0 1-4 0z"
      />
      <path className="jp-Mlcd-mark-sign" d="M8 3.500v4.500M8 10.700v.3" />
    </>
  ),
  remark: (
    <>
      <circle className="jp-Mlcd-mark-rim" cx="8" cy="8" r="7" />
      <path className="jp-Mlcd-mark-tick" d="M8 7.4v4M8 4.5v.1" />
    </>
  )
};

/** A verdict by shape, colour and word: the word is what is read aloud and shown on hovering. */
export function Mark(props: { shape: Shape; label: string }): React.ReactElement {
  return (
    <svg
      className={`jp-Mlcd-mark jp-Mlcd-mod-${props.shape}`}
      viewBox="0 0 16 16"
      role="img"
      aria-label={props.label}
    >
      <title>{props.label}</title>
      {PATHS[props.shape]}
    </svg>
  );
}
