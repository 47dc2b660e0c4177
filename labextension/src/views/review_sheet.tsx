/** Before a word that counts: what it says, to what, and the one click of a person that sends it. */
import * as React from 'react';

import type { ReviewPage } from '../api/types';
import { actName } from '../store/acts';
import type { Act } from '../store/store';
import { Refused } from './confirming';
import { useHost } from './host';
import { Button, Sentence } from './parts';

interface ISheetProps {
  readonly title: string;
  /** What will happen, in numbered sentences. */
  readonly steps: readonly string[];
  /** What the button says, and while it is at it. */
  readonly label: string;
  readonly busy: string;
  readonly act: string;
  readonly acts: ReadonlyMap<string, Act>;
  /** Whether what is shown is not being asked for again, and may be confirmed. */
  readonly isFresh: boolean;
  /** Whether all that is asked for was said. */
  readonly isSaid: boolean;
  readonly confirm: () => void;
  readonly close: () => void;
  readonly children: React.ReactNode;
}

export function ReviewSheet(props: ISheetProps): React.ReactElement {
  const { trans, isByPerson, verbs } = useHost();
  const act = props.acts.get(props.act);
  const isBusy = act?.state === 'pending';
  const canGo = props.isFresh && props.isSaid && !isBusy;
  const sheet = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    sheet.current?.querySelector<HTMLElement>('textarea, input')?.focus();
  }, []);
  useFocusBack(sheet);
  const close = (): void => {
    verbs.forget(props.act);
    props.close();
  };
  return (
    <section
      ref={sheet}
      className="jp-Mlcd-reviewSheet"
      role="dialog"
      aria-label={props.title}
      tabIndex={-1}
      onKeyDown={event => {
        event.stopPropagation(); // Letters are words here.
        if (event.key === 'Escape') {
          close();
        }
      }}
    >
      <h3>{props.title}</h3>
      <ol className="jp-Mlcd-steps" aria-label={trans.__('What will happen')}>
        {props.steps.map(step => (
          <li key={step}>
            <Sentence text={step} />
          </li>
        ))}
      </ol>
      {props.children}
      <Refused name={props.act} act={act} />
      <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow" />
        <Button onClick={close}>{trans.__('Cancel')}</Button>
        <Button
          primary
          disabled={!canGo}
          onClick={event => {
            if (isByPerson(event.nativeEvent) && canGo) {
              sheet.current?.focus({ preventScroll: true }); // The button rests while it is sent.
              props.confirm();
            }
          }}
        >
          {isBusy ? props.busy : props.label}
        </Button>
      </footer>
    </section>
  );
}

/** Whoever was in the sheet goes on from where it stood: what she pressed may not be there again. */
function useFocusBack(sheet: React.RefObject<HTMLElement>): void {
  React.useLayoutEffect(() => {
    const own = sheet.current;
    const around = own?.parentElement?.closest<HTMLElement>('section, article');
    return () => {
      if (around && own?.contains(document.activeElement)) {
        around.tabIndex = -1;
        around.focus({ preventScroll: true });
      }
    };
  }, [sheet]);
}

/** A line of text that belongs to it. */
export function SheetText(props: {
  label: string;
  text: string;
  write: (text: string) => void;
  rows?: number;
}): React.ReactElement {
  return (
    <label className="jp-Mlcd-message">
      {props.label}
      <textarea
        className="jp-Mlcd-input"
        rows={props.rows ?? 2}
        value={props.text}
        onChange={event => props.write(event.target.value)}
      />
    </label>
  );
}

/** The act of a review, and where its draft is kept. */
export function reviewAct(project: string, page: ReviewPage, what: string): string {
  return actName.review(project, page.version, what);
}
