import { LabIcon } from '@jupyterlab/ui-components';

import mlcdText from '../style/icons/mlcd.svg';

/** A notebook that leaves its frame: our mark in side bars, tabs and file lists. */
export const mlcdIcon = new LabIcon({ name: 'jupyter-mlcd:mlcd', svgstr: mlcdText });
