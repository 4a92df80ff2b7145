const MOMENT_MS = 4;
/** A card that takes long is asked less and less often. */
const LONGER = 1.3;
const MOST_MS = 50;

/** The graphics card, asked how far it is without waiting for it: who waits for a slow one hears no finger. */
export class Card {
  #tasks = 0;
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

  /** Done once the card has done all that it was given until now, or is gone. */
  async idle(): Promise<void> {
    const { context } = this;
    const fence = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!fence) return;
    context.flush();
    for (let wait = MOMENT_MS; ; wait = Math.min(MOST_MS, wait * LONGER)) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (this.gone || context.getSyncParameter(fence, context.SYNC_STATUS) === context.SIGNALED) break;
    }
    context.deleteSync(fence);
  }

  /** The context was lost: it answers nothing any more. */
  get gone(): boolean {
    return this.context.isContextLost();
  }
}
