/** In place of the Deliver button: a notebook prepares a delivery, and a person sends it elsewhere. */
import * as React from 'react';

import type { Preview } from '../api/types';
import { useHost } from '../views/host';
import { Button, Mark, Sentence } from '../views/parts';

export function Confirming({ preview }: { preview: Preview | null }): React.ReactElement | null {
  const { trans, copy } = useHost();
  if (!preview) {
    return null;
  }
  const { environment, reasons, version } = preview;
  if (reasons.length > 0) {
    return (
      <footer className="jp-Mlcd-secondary">
        {trans.__('When nothing is missing any more, it is confirmed in the Delivery panel.')}
      </footer>
    );
  }
  const command = `jupyter mlcd deliver --to ${environment}`;
  return (
    <footer className="jp-Mlcd-row jp-Mlcd-mod-wrap" data-confirm={environment}>
      <Mark shape="remark" label={trans.__('Remark')} />
      <span className="jp-Mlcd-grow">
        <Sentence
          text={trans.__(
            'Nothing has been sent. A notebook never delivers by itself: confirm %1 in the Delivery panel, or with `%2`.',
            version,
            command
          )}
        />
      </span>
      <Button small onClick={() => copy(command)}>
        {trans.__('Copy the command')}
      </Button>
    </footer>
  );
}
