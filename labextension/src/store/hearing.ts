/**
 * Whether the server's hints reach this page. They may be forbidden, or a proxy may drop them, and
 * nothing tells so but their numbers: the server counts what it saw, and says the count in each
 * answer.
 */
export class Hearing {
  /** Whether hints come, as far as the last of them tells. */
  get isHearing(): boolean {
    return this._isHearing;
  }

  /** Whether the server told of changes that no hint came for. */
  get isUnheard(): boolean {
    return this._isUnheard;
  }

  /** A hint with this number came. False: some before it did not. */
  hear(seq: number): boolean {
    const follows = this._project === '' || seq <= this._heard + 1;
    this._heard = seq;
    this._isHearing = true;
    this._isUnheard = false;
    return follows;
  }

  /** An answer about a project said that so many changes were seen by then. */
  learn(project: string, seq: number): void {
    if (project !== this._project || seq < this._told) {
      // Another project, or a server that began anew: it counts from here.
      this._project = project;
      this._heard = seq;
    }
    this._told = seq;
  }

  /** Some time after an answer: what it told of must have been heard by now. */
  check(): void {
    if (this._project && this._told > this._heard) {
      this._isHearing = false;
      this._isUnheard = true;
      this._heard = this._told;
    }
  }

  /** The server does not answer, so its hints do not come either. */
  lose(): void {
    this._isHearing = false;
  }

  private _project = '';
  private _heard = 0;
  private _told = 0;
  private _isHearing = false;
  private _isUnheard = false;
}
