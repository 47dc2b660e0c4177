/** Expected against got: side by side where there is room, what differs marked. */
import * as React from 'react';

import type { Difference } from '../api/types';
import { cutAt, differingSpans, type ISpan } from './differing';
import { useHost } from './host';
import { Picture } from './picture';

export interface IBundle {
  /** Id of the project. */
  readonly project: string;
  /** Id of the run whose bundle holds the pictures. */
  readonly run: string;
}

export function Differences(
  props: IBundle & { differences: readonly Difference[] }
): React.ReactElement {
  return (
    <>
      {props.differences.map((one, index) => (
        <OneDifference key={`${one.field} ${index}`} {...props} difference={one} />
      ))}
    </>
  );
}

function OneDifference(props: IBundle & { difference: Difference }): React.ReactElement {
  const { trans } = useHost();
  const { difference, project, run } = props;
  const { field, picture, by } = difference;
  const [expected, got] = React.useMemo(() => spansOf(difference), [difference]);
  return (
    <div className="jp-Mlcd-difference" data-field={field}>
      {picture && (
        <Picture
          project={project}
          run={run}
          path={picture}
          name={trans.__('Where %1 differs', field)}
        />
      )}
      <div className="jp-Mlcd-two">
        <Side title={trans.__('expected · %1', field)} spans={expected} />
        <Side title={trans.__('got · %1', field)} spans={got} />
      </div>
      {by && <p className="jp-Mlcd-secondary">{trans.__('Compared as: %1', by)}</p>}
    </div>
  );
}

/** The server knows what its comparison stumbled over; without its word all of it is compared here. */
function spansOf(difference: Difference): readonly [ISpan[], ISpan[]] {
  const { expected, got, expected_span, got_span } = difference;
  return expected_span && got_span
    ? [cutAt(expected, expected_span), cutAt(got, got_span)]
    : differingSpans(expected, got);
}

function Side({ title, spans }: { title: string; spans: readonly ISpan[] }): React.ReactElement {
  const { trans } = useHost();
  return (
    <figure>
      <figcaption className="jp-Mlcd-secondary">{title}</figcaption>
      <pre className="jp-Mlcd-block" tabIndex={0} aria-label={title}>
        {spans.every(span => span.text === '') && <i>{trans.__('nothing')}</i>}
        {spans.map((span, index) =>
          span.changed ? <mark key={index}>{span.text}</mark> : span.text
        )}
      </pre>
    </figure>
  );
}
