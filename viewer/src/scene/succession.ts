import type { Model } from "./model.js";

/** Who waits longer than this for the last tile of what comes gets what there is of it. */
const PATIENCE_MS = 15_000;

/** How a change ended: the new model is shown; there is none then; it could not be fetched, and the old one stays. */
export type Outcome = "shown" | "none" | "failed";

/** The model that is shown, and the one that comes after it: it takes its place once it shows as much, without a blink. */
export class Succession {
  now: Model | null = null;
  #next: Model | null = null;
  #since = 0;

  /** @param done Told how a change ended. */
  constructor(private readonly done: (outcome: Outcome) => void) {}

  /** All models, shown or to come. */
  get all(): Model[] {
    return [this.now, this.#next].filter((each) => each !== null);
  }

  /** Nothing is on its way. */
  get whole(): boolean {
    return !this.#next && (!this.now || this.now.whole);
  }

  /** The first model: shown from the start. */
  begin(model: Model): void {
    this.now = model;
    model.show();
  }

  /** This model shall be shown instead. */
  follow(next: Model): void {
    this.#next?.dispose();
    this.#next = next;
    this.#since = performance.now();
  }

  /** No model shall be shown. */
  end(): void {
    this.#next?.dispose();
    this.#next = null;
    this.#leave(null);
    this.done("none");
  }

  /** The one to come could not be fetched; false where it is not to come, but shown. */
  fail(model: Model): boolean {
    if (model !== this.#next) return false;
    this.#next = null;
    model.dispose();
    this.done("failed");
    return true;
  }

  /** Before each frame. */
  update(): void {
    this.now?.update();
    const next = this.#next;
    if (!next) return;
    next.update();
    const late = performance.now() - this.#since > PATIENCE_MS && next.tiles.visibleTiles.size > 0;
    if (next.busy && !late) return;
    this.#next = null;
    this.#leave(next);
    this.done("shown");
  }

  dispose(): void {
    for (const each of this.all) each.dispose();
  }

  #leave(next: Model | null): void {
    const { now } = this;
    next?.show();
    this.now = next;
    now?.dispose();
  }
}
