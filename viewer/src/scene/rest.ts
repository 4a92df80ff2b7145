const REST_MS = 200;

/** Tells, once, that the picture has come to rest: drawn, with nothing on its way, and left alone for a moment. */
export class Rest {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = false;

  constructor(private readonly told: () => void) {}

  /** Something will be drawn: no rest yet. */
  stir(): void {
    clearTimeout(this.#timer);
  }

  /** A frame was drawn; `quiet` where nothing more is on its way. */
  drawn(quiet: boolean): void {
    this.stir();
    if (!quiet || this.#told) return;
    this.#timer = setTimeout(() => {
      this.#told = true;
      this.told();
    }, REST_MS);
  }
}
