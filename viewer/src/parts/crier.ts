/** So long nothing moves before it is said what is in view: whoever goes on is not interrupted. */
const CALM_MS = 1200;

/**
 * Says politely what is in view, for those who hear the page: once another view has rested, and only what is new.
 * The view that the page opens with nobody asked for, nor for what comes into it by itself: it is not said.
 */
export class Crier {
  text = "";
  #view: string | null = null;
  #timer = 0;

  constructor(
    private readonly tell: () => string,
    private readonly changed: () => void,
  ) {}

  /** The view has come to rest; `view` tells it from others. */
  rested(view: string): void {
    if (view === this.#view) return;
    const first = this.#view === null;
    this.#view = view;
    if (first) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#say(), CALM_MS);
  }

  silence(): void {
    clearTimeout(this.#timer);
  }

  #say(): void {
    const text = this.tell();
    if (text === this.text) return;
    this.text = text;
    this.changed();
  }
}
