/** So long nothing moves before it is said what is in view: whoever goes on is not interrupted. */
const CALM_MS = 1200;

/**
 * Says politely what is in view, for those who hear the page: once the view has rested, and only what is new.
 * The first view of the page is what it opens with: nobody asked for it to be said.
 */
export class Crier {
  text = "";
  #last: string | null = null;
  #timer = 0;

  constructor(
    private readonly tell: () => string,
    private readonly changed: () => void,
  ) {}

  /** The view has come to rest. */
  rested(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#say(), CALM_MS);
  }

  silence(): void {
    clearTimeout(this.#timer);
  }

  #say(): void {
    const text = this.tell();
    const first = this.#last === null;
    if (text === this.#last) return;
    this.#last = text;
    if (first) return;
    this.text = text;
    this.changed();
  }
}
