/** What a reader of evidence has to know beside it: taken out, allowed, erased. */
import * as React from 'react';

import type {
  AllowedFinding,
  KeptChanges,
  SecretFinding,
  ShownErasure,
  ShownEvidence
} from '../api/types';
import { moment, person } from './format';
import { useHost, useNow } from './host';
import { withNames } from './names';
import { Mark } from './parts';
import { caseOfFile, placeWords } from './secret_words';

type Trans = ReturnType<typeof useHost>['trans'];

/** Not there where there is nothing to say. */
export function KeptNotice({ manifest }: { manifest: ShownEvidence }): React.ReactElement | null {
  const { trans } = useHost();
  const now = useNow();
  const { kept, erased } = manifest;
  if (!kept && erased.length === 0) {
    return null;
  }
  return (
    <section className="jp-Mlcd-keptNotice" aria-label={trans.__('What is not as it ran')}>
      <ul className="jp-Mlcd-remarks">
        {kept && kept.redacted.length > 0 && <Redacted kept={kept} manifest={manifest} />}
        {kept?.allowed.map((one, index) => (
          <li key={index} data-kept="allowed">
            <Mark shape="warning" label={trans.__('Allowed')} />
            <span>{allowedWords(one, manifest, now, trans)}</span>
          </li>
        ))}
        {kept?.out_of_git.map(one => (
          <li key={one.file} data-kept="out-of-git">
            <Mark shape="remark" label={trans.__('Not in git')} />
            <span>
              {trans.__(
                '%1 is not in git, but on the machine that ran it: %2',
                withNames(caseOfFile(one.file, manifest.notebooks)),
                one.why
              )}
            </span>
          </li>
        ))}
        {erased.map((one, index) => (
          <Erased key={index} erasure={one} />
        ))}
      </ul>
    </section>
  );
}

function Redacted(props: { kept: KeptChanges; manifest: ShownEvidence }): React.ReactElement {
  const { trans } = useHost();
  const { redacted } = props.kept;
  const count = redacted.reduce((sum, one) => sum + one.count, 0);
  return (
    <li data-kept="redacted">
      <Mark shape="remark" label={trans.__('Taken out')} />
      <span>
        {trans._n(
          '%1 secret was taken out before it was kept:',
          '%1 secrets were taken out before it was kept:',
          count
        )}
        <ul>
          {redacted.map((one, index) => (
            <li key={index}>
              <b>{one.rule}</b> {whereWords(one, props.manifest, trans)}
              {one.count > 1 && ` · ${trans.__('%1 times', one.count)}`}
            </li>
          ))}
        </ul>
      </span>
    </li>
  );
}

/** Where something stands; given parameters shift the cells of the executed notebook. */
function whereWords(
  place: Pick<SecretFinding, 'file' | 'cell' | 'output'>,
  { notebooks, run }: ShownEvidence,
  trans: Trans
): string {
  const name = caseOfFile(place.file, notebooks);
  const result = run.cases.find(one => one.id === name);
  const isShifted = result === undefined || Object.keys(result.parameters).length > 0;
  return placeWords(name, place, { result, source: isShifted ? null : place.cell }, trans);
}

/** "openai-key in train.ipynb · cell 3 was kept: allowed by Ken until 1 Dec: of the manual". */
function allowedWords(
  { finding, by, until, reason }: AllowedFinding,
  manifest: ShownEvidence,
  now: Date,
  trans: Trans
): string {
  const place = whereWords(finding, manifest, trans);
  return until
    ? trans.__(
        '%1 in %2 was kept, allowed by %3 until %4: %5',
        `${finding.rule} (${finding.sample})`,
        place,
        person(by),
        moment(until, now, trans),
        reason
      )
    : trans.__(
        '%1 in %2 was kept, allowed by %3: %4',
        `${finding.rule} (${finding.sample})`,
        place,
        person(by),
        reason
      );
}

/** What a tombstone says. */
function Erased({ erasure }: { erasure: ShownErasure }): React.ReactElement {
  const { trans } = useHost();
  const now = useNow();
  const { files, by, at, why, problem } = erasure;
  const names = files.map(file => file.name).join(', ') || trans.__('The draft');
  return (
    <li data-erased={at} data-problem={problem}>
      <Mark shape={problem ? 'failed' : 'warning'} label={trans.__('Erased')} />
      <span>
        <b>{trans.__('%1: erased %2 by %3', names, moment(at, now, trans), person(by))}</b> (
        {signedWords(erasure.signed, trans)}): {why}
        <span className="jp-Mlcd-caseDetails">{problem || stayWords(files.length > 0, trans)}</span>
      </span>
    </li>
  );
}

/** What is left of it, and what that means. */
function stayWords(isFile: boolean, trans: Trans): string {
  return isFile
    ? trans.__(
        'It cannot be delivered or rolled back to any more. What git holds of the run is still here.'
      )
    : trans.__('What git holds of the run is still here.');
}

function signedWords(signed: string, trans: Trans): string {
  switch (signed) {
    case 'signed':
      return trans.__('signed');
    case 'unsigned':
      return trans.__('not signed');
    default:
      return signed;
  }
}
