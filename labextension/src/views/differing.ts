/** Which spans of two texts differ: words and numbers are compared, not single letters. */

/** A piece of one text. */
export interface ISpan {
  readonly text: string;
  readonly changed: boolean;
}

/** More tokens than this on one side are compared by their common beginning and end only. */
const LONGEST = 600;

/** One text, cut around the span that the server says has changed: characters, not UTF-16 units. */
export function cutAt(text: string, span: readonly [number, number]): ISpan[] {
  const letters = Array.from(text);
  const cut = (from: number, to?: number): string => letters.slice(from, to).join('');
  const [start, end] = span;
  return [
    { text: cut(0, start), changed: false },
    { text: cut(start, end), changed: true },
    { text: cut(end), changed: false }
  ].filter(one => one.changed || one.text !== '');
}

/** The two texts, each cut into spans that are the same in both and spans that are not. */
export function differingSpans(expected: string, got: string): readonly [ISpan[], ISpan[]] {
  const left = tokens(expected);
  const right = tokens(got);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) {
    start += 1;
  }
  let end = 0;
  const room = Math.min(left.length, right.length) - start;
  while (end < room && left[left.length - 1 - end] === right[right.length - 1 - end]) {
    end += 1;
  }
  const inner = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const [one, other] = common(inner[0] ?? [], inner[1] ?? []);
  const whole = (all: readonly string[], kept: readonly boolean[]): ISpan[] =>
    spans(all, index => {
      const within = index - start;
      return within >= 0 && within < kept.length && kept[within] === false;
    });
  return [whole(left, one), whole(right, other)];
}

function tokens(text: string): string[] {
  return text.match(/[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\w+|\s+|[^\w\s]/g) ?? [];
}

/** For each token of either side whether it is in the longest common sequence. */
function common(left: readonly string[], right: readonly string[]): [boolean[], boolean[]] {
  const keptLeft = left.map(() => false);
  const keptRight = right.map(() => false);
  if (left.length > LONGEST || right.length > LONGEST) {
    return [keptLeft, keptRight];
  }
  const lengths = table(left, right);
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  let row = 0;
  let column = 0;
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      keptLeft[row] = true;
      keptRight[column] = true;
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      row += 1;
    } else {
      column += 1;
    }
  }
  return [keptLeft, keptRight];
}

/** Lengths of the longest common sequences of all pairs of endings. */
function table(left: readonly string[], right: readonly string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0)
  );
  for (let row = left.length - 1; row >= 0; row -= 1) {
    const here = lengths[row] ?? [];
    const below = lengths[row + 1] ?? [];
    for (let column = right.length - 1; column >= 0; column -= 1) {
      here[column] =
        left[row] === right[column]
          ? (below[column + 1] ?? 0) + 1
          : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return lengths;
}

function spans(all: readonly string[], isChanged: (index: number) => boolean): ISpan[] {
  const found: { text: string; changed: boolean }[] = [];
  all.forEach((text, index) => {
    const changed = isChanged(index);
    const last = found[found.length - 1];
    if (last?.changed === changed) {
      last.text += text;
    } else {
      found.push({ text, changed });
    }
  });
  return found;
}
