/** Where an output of an executed notebook stands in its run. */

export interface IOutputPlace {
  readonly run: string;
  /** Place of the case in the run. */
  readonly case: number;
  /** Position in the executed notebook, counted from 0. */
  readonly cell: number;
  readonly output: number;
}

/** Its path among the run's files, as a picture or as all of its text. */
export function outputPath(place: IOutputPlace, form: 'picture' | 'text'): string {
  return `outputs/${place.case}/${place.cell}/${place.output}/${form}`;
}
