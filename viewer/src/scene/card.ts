const MOMENT_MS = 4;
/** A card that takes long is asked less and less often: after so much of the time that it took until then. */
const PART = 0.15;
/** A card that is hardly ever quiet is waited for no longer than this, all in all; then it is taken as it is. */
const PATIENCE_MS = 1500;
/** What the library asks a card for; a first question is answered when the card has done all that it was given. */
const EXTENSIONS = ["EXT_color_buffer_float", "WEBGL_clip_cull_distance", "OES_texture_float_linear", "EXT_texture_filter_anisotropic"];

/** The graphics card, asked how far it is without waiting for it: who waits for a slow one hears no finger. */
export class Card {
  #tasks = 0;
  #patience = PATIENCE_MS;
  /** How long the last picture took, from its order to its end. */
  took = 0;

  constructor(private readonly context: WebGL2RenderingContext) {}

  /** Whether a picture is still being drawn. */
  get busy(): boolean {
    return this.#tasks > 0;
  }

  /** A picture was ordered; `done` once it is drawn. */
  async drawn(done: () => void): Promise<void> {
    const since = performance.now();
    this.#tasks += 1;
    await this.idle();
    this.#tasks -= 1;
    this.took = performance.now() - since;
    done();
  }

  /**
   * Done once the card has done all that it was given until now, or is gone.
   *
   * @returns How often it was asked.
   */
  async idle(): Promise<number> {
    const { context } = this;
    const fence = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0);
    let asked = 0;
    if (!fence) return asked;
    context.flush();
    for (const since = performance.now(); ; ) {
      await new Promise((resolve) => setTimeout(resolve, MOMENT_MS + PART * (performance.now() - since)));
      asked += 1;
      if (this.gone || context.getSyncParameter(fence, context.SYNC_STATUS) === context.SIGNALED) break;
    }
    context.deleteSync(fence);
    return asked;
  }

  /** Done once the card answers at once: it works for nobody else either, as for the page around. */
  async quiet(): Promise<void> {
    const since = performance.now();
    while ((await this.idle()) > 1 && performance.now() - since < this.#patience);
    this.#patience = Math.max(0, this.#patience - (performance.now() - since));
  }

  /** Have the card answer beforehand, one by one, what it will be asked. */
  async wake(): Promise<void> {
    for (const name of EXTENSIONS) {
      await this.quiet();
      this.context.getExtension(name);
    }
    await this.quiet();
  }

  /** The context was lost: it answers nothing any more. */
  get gone(): boolean {
    return this.context.isContextLost();
  }
}
