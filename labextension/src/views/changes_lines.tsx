/** Two texts line by line, side by side; what differs is marked. */
import * as React from 'react';

import type { Line } from '../api/types';
import { type ISpan, differingSpans } from './differing';
import { useHost } from './host';
import { Button } from './parts';

/** Lines that are drawn before somebody asks for more. */
const PAGE = 120;
/** Lines around a change that are shown with it. */
const AROUND = 3;
/** A shorter stretch of lines that are the same is not worth folding. */
const WORTH = 6;

/** The names of both sides; without `before` there is only one. */
export interface ISides {
  readonly before: string | null;
  readonly after: string;
}

interface ILinesProps {
  readonly lines: readonly Line[];
  readonly sides: ISides;
  readonly label: string;
  /** Whether all lines are shown, also long stretches that are the same. */
  readonly isWhole: boolean;
  /** Lines to begin with, where that are few. */
  readonly first?: number | undefined;
}

export function TwoTexts(props: ILinesProps): React.ReactElement {
  const { trans } = useHost();
  const { lines, sides, label } = props;
  const [most, showMore] = React.useState(props.first ?? PAGE);
  const stretches = React.useMemo(
    () => (props.isWhole ? [{ from: 0, to: lines.length, isFolded: false }] : folded(lines)),
    [lines, props.isWhole]
  );
  const left = lines.length - most;
  return (
    <>
      <table className="jp-Mlcd-texts" aria-label={label}>
        <thead className="jp-Mlcd-unseen">
          <tr>
            {sides.before !== null && <th scope="col">{sides.before}</th>}
            <th scope="col">{sides.after}</th>
          </tr>
        </thead>
        <tbody>
          {stretches
            .filter(stretch => stretch.from < most)
            .map(stretch => (
              <Stretch key={stretch.from} {...stretch} {...props} most={most} />
            ))}
        </tbody>
      </table>
      {left > 0 && (
        <Button small onClick={() => showMore(most + 10 * PAGE)}>
          {trans._n('%1 more line', '%1 more lines', left)}
        </Button>
      )}
    </>
  );
}

interface IStretch {
  readonly from: number;
  readonly to: number;
  readonly isFolded: boolean;
}

/** The stretches of a text: those that are the same and long are folded. */
function folded(lines: readonly Line[]): IStretch[] {
  const isNear = lines.map(() => false);
  lines.forEach(({ before, after }, place) => {
    if (before !== after) {
      isNear.fill(true, Math.max(0, place - AROUND), place + AROUND + 1);
    }
  });
  const found: { from: number; to: number; isFolded: boolean }[] = [];
  isNear.forEach((near, place) => {
    const last = found[found.length - 1];
    if (last?.isFolded === !near) {
      last.to = place + 1;
    } else {
      found.push({ from: place, to: place + 1, isFolded: !near });
    }
  });
  const isWorth = found.length > 1;
  return found.map(one => ({
    ...one,
    isFolded: isWorth && one.isFolded && one.to - one.from >= WORTH
  }));
}

function Stretch(props: ILinesProps & IStretch & { most: number }): React.ReactElement {
  const { trans } = useHost();
  const [isOpen, open] = React.useState(!props.isFolded);
  const { from, lines, sides } = props;
  const to = Math.min(props.to, props.most);
  const columns = sides.before === null ? 1 : 2;
  if (!isOpen) {
    const words = trans._n('%1 line that is the same', '%1 lines that are the same', to - from);
    return (
      <tr>
        <td colSpan={columns} className="jp-Mlcd-mod-folded">
          <button type="button" className="jp-Mlcd-link" onClick={() => open(true)}>
            {words}
          </button>
        </td>
      </tr>
    );
  }
  return (
    <>
      {lines.slice(from, to).map((line, place) => (
        <OneLine key={from + place} line={line} isAlone={sides.before === null} />
      ))}
    </>
  );
}

const OneLine = React.memo(Pair);

function Pair(props: { line: Line; isAlone: boolean }): React.ReactElement {
  const { before, after } = props.line;
  if (props.isAlone) {
    return (
      <tr>
        <td>{after ?? before}</td>
      </tr>
    );
  }
  const [left, right] = spansOf(before, after);
  return (
    <tr>
      <Side spans={left} />
      <Side spans={right} />
    </tr>
  );
}

type Spans = readonly ISpan[] | null;

/** A line that only one side has is marked as a whole. */
export function spansOf(before: string | null, after: string | null): readonly [Spans, Spans] {
  if (before === after) {
    const same = [{ text: after ?? '', changed: false }];
    return [same, same];
  }
  if (before === null || after === null) {
    const alone = (text: string | null): Spans =>
      text === null ? null : [{ text, changed: true }];
    return [alone(before), alone(after)];
  }
  return differingSpans(before, after);
}

function Side({ spans }: { spans: Spans }): React.ReactElement {
  return spans ? (
    <td>
      <Marked spans={spans} />
    </td>
  ) : (
    <td className="jp-Mlcd-mod-absent" />
  );
}

export function Marked({ spans }: { spans: readonly ISpan[] }): React.ReactElement {
  return (
    <>
      {spans.map((span, index) =>
        span.changed ? <mark key={index}>{span.text}</mark> : span.text
      )}
    </>
  );
}
