/**
 * Stands for packages of JupyterLab in the widgets' bundle: the few parts of them that our views use,
 * without the megabytes behind them. In a notebook the widgets bring all that they need.
 */
import * as React from 'react';

const caret = (path: string): { react: () => React.ReactElement } => ({
  react: () => (
    <span aria-hidden="true">
      <svg width="16" height="16" viewBox="0 0 18 18">
        <path className="jp-icon3" fill="#616161" d={path} />
      </svg>
    </span>
  )
});

export const caretDownIcon = caret('M5.2,5.9L9,9.7l3.8-3.8l1.2,1.2l-4.9,5l-4.9-5L5.2,5.9z');
export const caretRightIcon = caret('M5.9,12.8L9.7,9L5.9,5.2l1.2-1.2l5,4.9l-5,4.9L5.9,12.8z');

export function HTMLSelect(
  props: React.SelectHTMLAttributes<HTMLSelectElement>
): React.ReactElement {
  return <select {...props} />;
}

/** Names that the translation package loads and that its `Gettext` never calls. */
export const DataConnector = Object;
export const ServerConnection = {};
