/** What stands where a path names no page: it was typed, or is of a later version. */
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IHost } from '../views/host';
import { Button } from '../views/parts';

export class NoPage extends ReactWidget {
  constructor(
    private readonly _host: IHost,
    private readonly _showPanel: () => void
  ) {
    super();
    this.addClass('jp-Mlcd-widget');
    this.title.label = _host.trans.__('No such page');
  }

  protected override render(): React.ReactElement {
    const { trans } = this._host;
    return (
      <div className="jp-Mlcd jp-Mlcd-empty">
        <h2>{trans.__('There is no such page')}</h2>
        <p>{trans.__('The address names no run, evidence or delivery. Nothing was changed.')}</p>
        <Button onClick={this._showPanel}>{trans.__('Show the Delivery panel')}</Button>
      </div>
    );
  }
}
