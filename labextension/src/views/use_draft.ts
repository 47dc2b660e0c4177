/** A text that somebody is writing, kept by the place that views are in until it is sent. */
import * as React from 'react';

import { useHost } from './host';

export interface IDraft {
  readonly text: string;
  readonly write: (text: string) => void;
  /** Whether it was here before anything was typed: left by a failure, a reload, a closed tab. */
  readonly isOld: boolean;
}

/** The draft of one place, as `comment:PROJECT:VERSION:CASE:3`. */
export function useDraft(place: string): IDraft {
  const { drafts } = useHost();
  const [written, set] = React.useState(() => ({ place, text: drafts.read(place), isOld: true }));
  const draft = written.place === place ? written : { text: drafts.read(place), isOld: true };
  return {
    text: draft.text,
    isOld: draft.isOld && draft.text !== '',
    write: text => {
      drafts.write(place, text);
      set({ place, text, isOld: false });
    }
  };
}
