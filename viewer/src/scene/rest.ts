const REST_MS = 200;

/** Tells that the picture has come to rest, or no longer rests: drawn, with nothing on its way, and left alone for a moment. */
export class Rest {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resting = false;

  constructor(private readonly told: (resting: boolean) => void) {}

  /** Something will be drawn: no rest yet. */
  stir(): void {
    clearTimeout(this.#timer);
    this.#tell(false);
  }

  /** A frame was drawn; `quiet` where nothing more is on its way. */
  drawn(quiet: boolean): void {
    this.stir();
    if (quiet) this.#timer = setTimeout(() => this.#tell(true), REST_MS);
  }

  #tell(resting: boolean): void {
    if (resting === this.#resting) return;
    this.#resting = resting;
    this.told(resting);
  }
}
