/** A picture of a run's bundle. */
import * as React from 'react';

import { useHost } from './host';
import { Skeleton } from './parts';

type Shown = { readonly state: 'pending' | 'failed' } | { readonly state: 'ready'; url: string };

const PENDING: Shown = { state: 'pending' };

interface IPictureProps {
  readonly project: string;
  readonly run: string;
  /** Path in the bundle. */
  readonly path: string;
  /** What it shows, for those who do not see it. */
  readonly name: string;
}

export function Picture(props: IPictureProps): React.ReactElement {
  const { trans } = useHost();
  const [shown, show] = usePicture(props);
  switch (shown.state) {
    case 'pending':
      return <Skeleton lines={3} />;
    case 'failed':
      return (
        <p className="jp-Mlcd-secondary" role="status">
          {trans.__('The picture of the difference cannot be shown.')}
        </p>
      );
    case 'ready':
      return (
        <img
          className="jp-Mlcd-picture"
          src={shown.url}
          alt={props.name}
          title={props.name}
          onError={() => show({ state: 'failed' })}
        />
      );
  }
}

/** The bytes of a finished run never change: they are asked for once, while they are shown. */
function usePicture({ project, run, path }: IPictureProps): [Shown, (shown: Shown) => void] {
  const { picture } = useHost();
  const [shown, show] = React.useState(PENDING);
  React.useEffect(() => {
    let url = '';
    let isWanted = true;
    show(PENDING);
    picture(project, run, path).then(
      blob => {
        if (isWanted) {
          url = URL.createObjectURL(blob);
          show({ state: 'ready', url });
        }
      },
      () => isWanted && show({ state: 'failed' })
    );
    return () => {
      isWanted = false;
      URL.revokeObjectURL(url);
    };
  }, [picture, project, run, path]);
  return [shown, show];
}
