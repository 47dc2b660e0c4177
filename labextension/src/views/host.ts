/** What views need of the place they are shown in; JupyterLab is one such place. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext, useEffect, useState } from 'react';

import type { IDone } from '../api/client';
import type { CiPreview, CiRun, ProjectReference } from '../api/types';
import type { IDrafts } from '../store/drafts';
import type { IMarks } from '../store/marks';
import type { ReviewVerbs } from '../store/review_verbs';
import type { TidyVerbs } from '../store/tidy_verbs';
import type { Verbs } from '../store/verbs';
import type { WatchVerbs } from '../store/watch_verbs';
import type { IAccepting } from './accepting';

/** Something that can be opened beside the panel. */
export type View =
  | { readonly kind: 'run'; readonly project: string; readonly run: string }
  | { readonly kind: 'secrets'; readonly project: string; readonly run: string }
  | { readonly kind: 'evidence-list'; readonly project: string }
  | { readonly kind: 'watch'; readonly project: string }
  | { readonly kind: 'evidence'; readonly project: string; readonly run: string }
  | {
      readonly kind: 'deliver';
      readonly project: string;
      readonly environment: string;
      /** The delivery to show; without it, the page on which one can be confirmed. */
      readonly delivery?: string;
    }
  | {
      readonly kind: 'roll-back';
      readonly project: string;
      readonly environment: string;
      /** What is brought back; without it, what was live before. */
      readonly version?: string;
    }
  | { readonly kind: 'review'; readonly project: string; readonly version: string }
  | { readonly kind: 'ask-review'; readonly project: string; readonly environment: string }
  | { readonly kind: 'history'; readonly project: string; readonly environment: string }
  | {
      readonly kind: 'notebook';
      readonly project: string;
      readonly run: string;
      readonly index: number;
      readonly title: string;
      /** Position of a cell in the executed notebook to begin at, counted from 0. */
      readonly cell?: number;
    }
  | {
      readonly kind: 'report';
      readonly project: string;
      /** Empty where it is of a version with its review. */
      readonly run: string;
      readonly version?: string;
    }
  | { readonly kind: 'commit'; readonly project: string }
  | { readonly kind: 'set-up'; readonly project: string }
  | ({ readonly kind: 'accept'; readonly project: string; readonly run: string } & IAccepting);

/** The CI run of the commit that is checked out. */
export interface ICi {
  readonly preview: (project: string) => Promise<CiPreview>;
  /** Push and start what a preview showed. Only a person's click may lead here. */
  readonly start: (project: string, shown: CiPreview) => Promise<CiRun>;
  /** Ask the system how it stands; what it proved is fetched at its end. */
  readonly look: (project: string) => Promise<CiRun>;
}

/** The place: transport through `verbs`, translation, documents, other views. */
export interface IHost {
  readonly trans: TranslationBundle;
  readonly verbs: Pick<
    Verbs,
    | 'run'
    | 'cancel'
    | 'keep'
    | 'accept'
    | 'setUp'
    | 'commit'
    | 'deliver'
    | 'rollBack'
    | 'scoreLive'
    | 'follow'
    | 'lookAgain'
    | 'show'
    | 'forget'
  >;
  readonly reviews: Pick<
    ReviewVerbs,
    'ask' | 'tell' | 'collect' | 'share' | 'comment' | 'reject' | 'approve' | 'waive' | 'takeBack'
  >;
  readonly tidying: Pick<TidyVerbs, 'allow' | 'erase' | 'prune'>;
  readonly watching: Pick<WatchVerbs, 'start' | 'stop' | 'hold' | 'lift' | 'check'>;
  /** The present; tests have their own. */
  readonly now: () => Date;
  /** Whether an event came from a person's hand and not from a script. */
  readonly isByPerson: (event: Event) => boolean;
  readonly open: (view: View) => void;
  /** Open a file of a project, by its path inside it, at a cell counted from 0. */
  readonly openFile: (project: ProjectReference, path: string, cell?: number) => void;
  readonly choose: (project: string) => void;
  readonly refresh: () => void;
  /** Verify evidence and put the answer into the state. */
  readonly verify: (project: string, run: string) => void;
  /** A picture of a run's bundle, by its path there. Rejects where it is not there. */
  readonly picture: (project: string, run: string, path: string) => Promise<Blob>;
  /** What this reader has opened, as the place remembers it. */
  readonly marks: IMarks;
  /** What was written and not sent yet, as the place remembers it. */
  readonly drafts: IDrafts;
  readonly copy: (text: string) => void;
  /** Null where nobody speaks for a person, as in a notebook's kernel. */
  readonly ci: ICi | null;
  /** What the CD system says that it would make of a delivery. */
  readonly rehearse: (project: string, environment: string) => Promise<readonly string[]>;
  /** The plain commands that would have done the same as something that was done. */
  readonly inCommands: (project: string, done: IDone) => Promise<readonly string[]>;
}

export const HostContext = createContext<IHost | null>(null);

/** The place that this view is shown in. */
export function useHost(): IHost {
  const host = useContext(HostContext);
  if (!host) {
    throw new Error('a view was rendered without its HostContext');
  }
  return host;
}

/** The present, a little later every half minute, so that "6 min" becomes "7 min". */
export function useNow(): Date {
  const { now } = useHost();
  const [, again] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => again(count => count + 1), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return now();
}
