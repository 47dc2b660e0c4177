/** All of the text of one output, fetched when somebody asks for it. */
import * as React from 'react';

import { problemOf } from '../api/problem';
import type { Problem } from '../api/types';
import { useHost } from './host';
import { type IOutputPlace, outputPath } from './output_place';
import { Button, ProblemBox, Skeleton } from './parts';

/** Characters of a text that are drawn: a browser lays out more of them only slowly. */
const MOST = 400_000;

type Asked =
  | { readonly state: 'not-asked' | 'pending' }
  | { readonly state: 'ready'; readonly text: string }
  | { readonly state: 'failed'; readonly problem: Problem };

export function OutputText(props: {
  project: string;
  place: IOutputPlace;
  name: string;
  /** "1.2 MB" */
  size: string;
}): React.ReactElement {
  const { trans, picture } = useHost();
  const { project, place, name, size } = props;
  const [asked, set] = React.useState<Asked>({ state: 'not-asked' });
  const ask = (): void => {
    set({ state: 'pending' });
    picture(project, place.run, outputPath(place, 'text'))
      .then(blob => blob.text())
      .then(
        text => set({ state: 'ready', text }),
        (thrown: unknown) => set({ state: 'failed', problem: problemOf(thrown) })
      );
  };
  switch (asked.state) {
    case 'not-asked':
      return (
        <div>
          <Button small name={trans.__('Show all of %1', name)} onClick={ask}>
            {trans.__('Show all, %1', size)}
          </Button>
        </div>
      );
    case 'pending':
      return <Skeleton lines={3} />;
    case 'failed':
      return <ProblemBox problem={asked.problem} />;
    case 'ready':
      return (
        <div>
          <pre className="jp-Mlcd-block jp-Mlcd-mod-tall" tabIndex={0} aria-label={name}>
            {asked.text.slice(0, MOST)}
          </pre>
          {asked.text.length > MOST && (
            <p className="jp-Mlcd-secondary">
              {trans.__(
                '%1 more characters are in the executed notebook.',
                asked.text.length - MOST
              )}
            </p>
          )}
        </div>
      );
  }
}
