/** A box for a word. What is typed is kept until it is sent, whatever happens meanwhile. */
import * as React from 'react';

import { type IPlaceOfRemark, actName } from '../store/acts';
import type { Act } from '../store/store';
import { useHost } from './host';
import { Button, ProblemBox, Tag } from './parts';
import { useDraft } from './use_draft';

interface IRemarkBoxProps {
  readonly project: string;
  readonly version: string;
  readonly about: IPlaceOfRemark;
  /** What it is a word on, for those who hear it. */
  readonly label: string;
  readonly acts: ReadonlyMap<string, Act>;
  readonly shareWith: string;
  /** Put it away; without it, it stays. */
  readonly close?: () => void;
  /** Whether it has the focus when it comes. */
  readonly isMeant?: boolean;
}

/** Where the draft of a remark is kept: the name of the act that sends it. */
export const draftOfRemark = actName.comment;

export function RemarkBox(props: IRemarkBoxProps): React.ReactElement {
  const { trans, reviews, verbs } = useHost();
  const { project, version, about, acts, shareWith, close } = props;
  const name = actName.comment(project, version, about);
  const draft = useDraft(draftOfRemark(project, version, about));
  const act = acts.get(name);
  const isBusy = act?.state === 'pending';
  const text = draft.text.trim();
  const field = useFocusAtFirst(props.isMeant ?? false);
  /** The box is gone then: who wrote in it goes on from the cell that it stood beside. */
  const shut = (): void => {
    const box = field.current?.parentElement;
    const { activeElement, body } = document;
    if (close && box && (activeElement === body || box.contains(activeElement))) {
      box.closest<HTMLElement>('[tabindex]')?.focus({ preventScroll: true });
    }
    close?.();
  };
  const send = async (): Promise<void> => {
    if (text && !isBusy && (await reviews.comment(project, version, { ...about, text }))) {
      draft.write('');
      shut();
      if (shareWith) {
        await reviews.share(project, shareWith);
      }
    }
  };
  return (
    <div className="jp-Mlcd-remarkBox" data-place={`${about.case}:${about.cell ?? ''}`}>
      <textarea
        ref={field}
        className="jp-Mlcd-input"
        rows={2}
        aria-label={props.label}
        placeholder={trans.__('Ctrl+Enter sends it')}
        value={draft.text}
        onChange={event => draft.write(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void send();
          } else if (event.key === 'Escape') {
            shut();
          }
        }}
      />
      {act?.state === 'failed' && (
        <ProblemBox problem={{ ...act.problem, message: notSent(act.problem.message, trans) }} />
      )}
      <div className="jp-Mlcd-row jp-Mlcd-mod-wrap">
        <span className="jp-Mlcd-grow">
          {draft.isOld && act?.state !== 'failed' && (
            <Tag tone="warning">{trans.__('Not sent yet')}</Tag>
          )}
        </span>
        {close && (
          <Button
            small
            onClick={() => {
              verbs.forget(name);
              shut();
            }}
          >
            {trans.__('Later')}
          </Button>
        )}
        <Button small disabled={!text || isBusy} onClick={() => void send()}>
          {isBusy
            ? trans.__('Sending…')
            : act?.state === 'failed'
              ? trans.__('Try again')
              : trans.__('Comment')}
        </Button>
      </div>
    </div>
  );
}

function notSent(message: string, trans: ReturnType<typeof useHost>['trans']): string {
  return trans.__('Not sent yet: %1', message);
}

function useFocusAtFirst(isMeant: boolean): React.RefObject<HTMLTextAreaElement> {
  const field = React.useRef<HTMLTextAreaElement>(null);
  React.useEffect(() => {
    if (isMeant) {
      field.current?.focus();
    }
  }, [isMeant]);
  return field;
}
