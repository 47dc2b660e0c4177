/** A picture of a run's bundle. */
import * as React from 'react';

import { useHost } from './host';
import { Skeleton } from './parts';

export type ShownPicture =
  { readonly state: 'pending' | 'failed' } | { readonly state: 'ready'; url: string };

const PENDING: ShownPicture = { state: 'pending' };

export interface IPictureProps {
  readonly project: string;
  readonly run: string;
  /** Path in the bundle. */
  readonly path: string;
  /** What it shows, for those who do not see it. */
  readonly name: string;
  /** Whether a cell put it out; else it shows where two pictures differ. */
  readonly isOutput?: boolean;
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
          {props.isOutput
            ? trans.__('The picture cannot be shown.')
            : trans.__('The picture of the difference cannot be shown.')}
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
export function usePicture({
  project,
  run,
  path
}: Pick<IPictureProps, 'project' | 'run' | 'path'>): [ShownPicture, (shown: ShownPicture) => void] {
  const { picture } = useHost();
  const [shown, show] = React.useState(PENDING);
  React.useEffect(() => {
    let url = '';
    let isWanted = true;
    show(PENDING);
    picture(project, run, path)
      .then(addressOf)
      .then(
        address => {
          url = address;
          if (isWanted) {
            show({ state: 'ready', url });
          } else {
            URL.revokeObjectURL(url);
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

/**
 * Where an image element finds a picture. A drawing may hold scripts: under an address of this page
 * they would be this page's, were it opened in a tab of its own; as data they are nobody's.
 */
async function addressOf(blob: Blob): Promise<string> {
  if (blob.type !== 'application/octet-stream') {
    return URL.createObjectURL(blob);
  }
  const start = await blob.slice(0, 200).text();
  return start.trimStart().startsWith('<')
    ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await blob.text())}`
    : URL.createObjectURL(blob);
}
