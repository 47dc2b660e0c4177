/** "What this did": the plain commands that would have done the same, asked for when opened. */
import * as React from 'react';

import type { IDone } from '../api/client';
import { problemOf } from '../api/problem';
import { type Remote, IDLE, failed, known, pending, problemIn, ready } from '../store/remote';
import { useHost } from './host';
import { Button, ProblemBox, Skeleton } from './parts';

interface IWhatThisDidProps {
  readonly project: string;
  readonly done: IDone;
  readonly title?: string;
}

export function WhatThisDid({ project, done, title }: IWhatThisDidProps): React.ReactElement {
  const { trans, inCommands } = useHost();
  const [commands, setCommands] = React.useState<Remote<readonly string[]>>(IDLE);
  const problem = problemIn(commands);
  const ask = (): void => {
    setCommands(pending(commands));
    inCommands(project, done)
      .then(found => setCommands(ready(found)))
      .catch((thrown: unknown) => setCommands(failed(problemOf(thrown), commands)));
  };
  return (
    <details
      className="jp-Mlcd-details"
      onToggle={event => event.currentTarget.open && commands.state === 'idle' && ask()}
    >
      <summary>{title ?? trans.__('What this did')}</summary>
      {commands.state === 'pending' && <Skeleton lines={3} />}
      {problem && (
        <ProblemBox problem={problem}>
          <Button small onClick={ask}>
            {trans.__('Try again')}
          </Button>
        </ProblemBox>
      )}
      <CommandList commands={known(commands) ?? []} />
    </details>
  );
}

/** Commands to read and to copy. */
export function CommandList(props: { commands: readonly string[] }): React.ReactElement | null {
  const { trans, copy } = useHost();
  if (props.commands.length === 0) {
    return null;
  }
  const text = props.commands.join('\n');
  return (
    <>
      <pre
        className="jp-Mlcd-block"
        tabIndex={0}
        aria-label={trans.__('The same as plain commands')}
      >
        {text}
      </pre>
      <Button small onClick={() => copy(text)}>
        {trans.__('Copy')}
      </Button>
    </>
  );
}
