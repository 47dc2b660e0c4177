/** The end of what a run printed, live while it goes on. */
import * as React from 'react';

import type { RunLog } from '../api/types';
import { type Remote, known, problemIn } from '../store/remote';
import { fileSize } from './format';
import { useHost } from './host';
import { Button, Sentence, Skeleton } from './parts';

/** Pixels from its end within which a reader is taken to be there. */
const NEAR = 24;

/** The log of a run, where the place can show one. */
export interface ILog {
  readonly remote: Remote<RunLog>;
  readonly isOpen: boolean;
  readonly turn: (isOpen: boolean) => void;
}

export function LogFold({ log, isLive }: { log: ILog; isLive: boolean }): React.ReactElement {
  const { trans } = useHost();
  const found = known(log.remote);
  const problem = problemIn(log.remote);
  return (
    <details
      className="jp-Mlcd-details jp-Mlcd-log"
      open={log.isOpen}
      onToggle={event => {
        if (event.currentTarget.open !== log.isOpen) {
          log.turn(event.currentTarget.open);
        }
      }}
    >
      <summary>{trans.__('What it prints')}</summary>
      {log.isOpen && problem && (
        <p className="jp-Mlcd-secondary">
          <Sentence text={[problem.message, problem.hint].filter(Boolean).join('. ')} />
        </p>
      )}
      {log.isOpen && !problem && !found && <Skeleton lines={3} />}
      {log.isOpen && !problem && found && <LogText log={found} isLive={isLive} />}
    </details>
  );
}

function LogText({ log, isLive }: { log: RunLog; isLive: boolean }): React.ReactElement {
  const { trans, copy } = useHost();
  const [isFollowing, follow] = React.useState(true);
  const place = React.useRef<HTMLPreElement>(null);
  React.useLayoutEffect(() => {
    const text = place.current;
    if (text && isFollowing) {
      text.scrollTop = text.scrollHeight;
    }
  }, [log.text, isFollowing]);
  if (log.text === '') {
    return (
      <p className="jp-Mlcd-secondary">
        {isLive ? trans.__('Nothing was printed yet.') : trans.__('Nothing was printed.')}
      </p>
    );
  }
  return (
    <>
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow jp-Mlcd-secondary">
          {log.cut && trans.__('the end of %1; the rest is in the notebooks', fileSize(log.size))}
        </span>
        {isLive && (
          <Button small pressed={isFollowing} onClick={() => follow(!isFollowing)}>
            {trans.__('Follow the end')}
          </Button>
        )}
        <Button small name={trans.__('Copy what it printed')} onClick={() => copy(log.text)}>
          {trans.__('Copy')}
        </Button>
      </div>
      <pre
        ref={place}
        className="jp-Mlcd-block"
        tabIndex={0}
        aria-label={trans.__('What it printed')}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          // Who scrolls up reads, and is not torn away; who comes back to the end follows again.
          follow(scrollHeight - scrollTop - clientHeight < NEAR)
        }
      >
        {log.text}
      </pre>
    </>
  );
}
