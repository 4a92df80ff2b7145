const REST_MS = 200;
/** Whoever gives up a tile on its way tells nobody: so often it is looked again whether anything is. */
const AGAIN_MS = 1000;

/** Tells that the picture has come to rest, or no longer rests: drawn, with nothing on its way, and left alone for a moment. */
export class Rest {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resting = false;

  /** @param again Called now and then while something is on its way and nothing is drawn. */
  constructor(
    private readonly told: (resting: boolean) => void,
    private readonly again: () => void = () => undefined,
  ) {}

  /** Something will be drawn: no rest yet. */
  stir(): void {
    clearTimeout(this.#timer);
    this.#tell(false);
  }

  /** A frame was drawn; `quiet` where nothing more is on its way. */
  drawn(quiet: boolean): void {
    this.stir();
    this.#timer = quiet ? setTimeout(() => this.#tell(true), REST_MS) : setInterval(this.again, AGAIN_MS);
  }

  #tell(resting: boolean): void {
    if (resting === this.#resting) return;
    this.#resting = resting;
    this.told(resting);
  }
}
