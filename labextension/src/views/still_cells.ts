/** Where the cells of a notebook stand in its executed page. */
import type { CellResult } from '../api/types';

/** The tag of papermill's cell with parameters, as nbconvert writes it into a page. */
const INJECTED = 'celltag_injected-parameters';
/** What nbconvert puts before the id of a cell. */
const ID = 'cell-id=';

/** For each cell its position in the page, counted from 0: the cell with parameters shifts others. */
export function positionsOf(page: string, cells: readonly CellResult[]): number[] {
  // Parsed this way nothing of a page runs and nothing is fetched.
  const main = new DOMParser().parseFromString(page, 'text/html').querySelector('main');
  const shown = [...(main?.children ?? [])];
  const byId = new Map(shown.map((cell, place) => [cell.id, place]));
  const injected = shown.findIndex(cell => cell.classList.contains(INJECTED));
  return cells.map(({ id, index }) => {
    const shift = injected >= 0 && index >= injected ? 1 : 0;
    return (id ? byId.get(ID + id) : undefined) ?? index + shift;
  });
}
