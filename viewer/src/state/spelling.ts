import type { Story } from "../story.js";

type Plain = typeof import("../words/plain.js");

/** The service speaks no Leichte Sprache: there its German texts are spelled as it writes long words. */
export class Spelling {
  #code: Plain | null = null;

  constructor(private readonly story: Story) {}

  /** Spell texts that have come. */
  readonly spell = (texts: unknown): void => this.#code?.spell(texts, this.story.register === "ls");

  /** Another register is spoken: spell all that there is. */
  follow(): void {
    const { register, holdings, chosen } = this.story;
    this.spell([holdings.city, holdings.layers, chosen?.layer]);
    if (register !== "ls" || this.#code) return;
    const come = (code: Plain) => {
      this.#code = code;
      this.follow();
      this.story.changed();
    };
    void import("../words/plain.js").then(come, () => undefined); // as the service writes them they can be read, too
  }
}
