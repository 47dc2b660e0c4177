/** A picture before and after, one over the other with a slider between; alone where it is new. */
import * as React from 'react';

import type { ISides } from './changes_lines';
import { useHost } from './host';
import { type IOutputPlace, outputPath } from './output_place';
import { Picture, usePicture } from './picture';
import { Skeleton } from './parts';

interface IBeforeAfterProps {
  /** Id of the project. */
  readonly project: string;
  /** What the picture is called. */
  readonly name: string;
  readonly before: IOutputPlace | null;
  readonly after: IOutputPlace | null;
  readonly sides: ISides;
  /** Whether both are known to be the same. */
  readonly isSame?: boolean;
}

export function BeforeAfter(props: IBeforeAfterProps): React.ReactElement | null {
  const { trans } = useHost();
  const { project, name, before, after, sides } = props;
  if (before && after && !props.isSame) {
    return <Both {...props} before={before} after={after} />;
  }
  const alone = after ?? before;
  if (!alone) {
    return null;
  }
  const side = after ? sides.after : (sides.before ?? sides.after);
  const path = outputPath(alone, 'picture');
  return (
    <figure className="jp-Mlcd-figure">
      <Picture project={project} run={alone.run} path={path} name={`${name}, ${side}`} isOutput />
      {sides.before !== null && (
        <figcaption className="jp-Mlcd-secondary">
          {props.isSame ? trans.__('the same on both sides') : trans.__('only in %1', side)}
        </figcaption>
      )}
    </figure>
  );
}

function Both(
  props: IBeforeAfterProps & { before: IOutputPlace; after: IOutputPlace }
): React.ReactElement {
  const { trans } = useHost();
  const { project, name, before, after, sides } = props;
  const [share, move] = React.useState(50);
  const [old] = usePicture({ project, run: before.run, path: outputPath(before, 'picture') });
  const [now] = usePicture({ project, run: after.run, path: outputPath(after, 'picture') });
  if (old.state !== 'ready' || now.state !== 'ready') {
    return old.state === 'failed' || now.state === 'failed' ? (
      <p className="jp-Mlcd-secondary" role="status">
        {trans.__('The picture cannot be shown.')}
      </p>
    ) : (
      <Skeleton lines={4} />
    );
  }
  const was = sides.before ?? '';
  return (
    <div className="jp-Mlcd-figure" data-figure={name}>
      <div className="jp-Mlcd-overNames" aria-hidden="true">
        <span>{was}</span>
        <span>{sides.after}</span>
      </div>
      <div
        className="jp-Mlcd-over"
        style={{ '--jp-mlcd-share': `${share}%` } as React.CSSProperties}
      >
        <figure>
          <figcaption>{was}</figcaption>
          <img src={old.url} alt={trans.__('%1, %2', name, was)} />
        </figure>
        <figure>
          <figcaption>{sides.after}</figcaption>
          <img src={now.url} alt={trans.__('%1, %2', name, sides.after)} />
        </figure>
      </div>
      <input
        className="jp-Mlcd-slider"
        type="range"
        min={0}
        max={100}
        value={share}
        aria-label={trans.__('Where before ends and after begins: %1', name)}
        aria-valuetext={trans.__('%1 % before, %2 % after', share, 100 - share)}
        onChange={event => move(Number(event.currentTarget.value))}
      />
    </div>
  );
}
