const SETTLED_MS = 220;

/** Tells when the view has settled: nothing has moved or come for a moment. */
export class Settling {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #roaming = false;

  constructor(
    /** Whether a picture of who moves is still to be drawn; tiles that come are no movement. */
    private readonly awaited: () => boolean,
    private readonly settled: () => void,
  ) {}

  /** The view has moved and not settled since. */
  get roaming(): boolean {
    return this.#roaming;
  }

  /** It will be told. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** The view moves. */
  move(): void {
    this.#roaming = true;
    this.stir();
  }

  /** Something has changed. */
  stir(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // Where a picture takes longer than that, who moves has not settled between two of them.
      if (this.#roaming && this.awaited()) return this.stir();
      this.now();
    }, SETTLED_MS);
  }

  /** Nobody waits any longer. */
  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#roaming = false;
    this.settled();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
