/** Two tables, side by side; the cells that differ are marked. */
import * as React from 'react';

import type { TableRow } from '../api/types';
import type { ISides } from './changes_lines';
import { useHost } from './host';
import { Button } from './parts';

/** Rows that are drawn before somebody asks for more. */
const PAGE = 30;

export function TwoTables(props: {
  rows: readonly TableRow[];
  sides: ISides;
  label: string;
}): React.ReactElement {
  const { trans } = useHost();
  const { rows, sides, label } = props;
  const [most, showMore] = React.useState(PAGE);
  const shown = rows.slice(0, most);
  const side = (name: string, which: 'before' | 'after'): React.ReactElement => (
    <figure>
      <div className="jp-Mlcd-scroll" tabIndex={0} role="group" aria-label={`${label}, ${name}`}>
        <OneTable rows={shown} which={which} name={`${label}, ${name}`} isMarked={!!sides.before} />
      </div>
    </figure>
  );
  return (
    <>
      <div className={sides.before === null ? '' : 'jp-Mlcd-sides'}>
        {sides.before !== null && side(sides.before, 'before')}
        {side(sides.after, 'after')}
      </div>
      {rows.length > most && (
        <Button small onClick={() => showMore(most + 10 * PAGE)}>
          {trans._n('%1 more row', '%1 more rows', rows.length - most)}
        </Button>
      )}
    </>
  );
}

function OneTable(props: {
  rows: readonly TableRow[];
  which: 'before' | 'after';
  name: string;
  isMarked: boolean;
}): React.ReactElement {
  const { rows, which, isMarked } = props;
  const other = which === 'after' ? 'before' : 'after';
  const [head, ...body] = rows;
  return (
    <table className="jp-Mlcd-table jp-Mlcd-mod-narrow" aria-label={props.name}>
      {head?.[which] && (
        <thead>
          <tr>
            {head[which].map((cell, column) => (
              <th key={column} scope="col">
                <Changed isMarked={isMarked && cell !== head[other]?.[column]}>{cell}</Changed>
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {body.map((row, place) => (
          <tr key={place} className={row[which] ? '' : 'jp-Mlcd-mod-absent'}>
            {row[which]?.map((cell, column) => (
              <td key={column}>
                <Changed isMarked={isMarked && cell !== row[other]?.[column]}>{cell}</Changed>
              </td>
            )) ?? <td colSpan={head?.[which]?.length ?? 1} />}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changed(props: { isMarked: boolean; children: string }): React.ReactElement {
  return props.isMarked && props.children !== '' ? (
    <mark>{props.children}</mark>
  ) : (
    <>{props.children}</>
  );
}
