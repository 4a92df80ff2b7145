/** What has come of a question to the service. */
export type Answer<T> = { state: "asked" } | { state: "here"; value: T } | { state: "failed" };

interface Asked {
  version: string;
  answer: Answer<unknown>;
}

/** All that is asked about one thing while it is chosen: each question once, and again when there is something newer. */
export class Inquiry {
  #subject = "";
  #instant = "";
  readonly #asked = new Map<string, Asked>();
  readonly #opened = new Set<string>();
  readonly #picked = new Map<string, string>();

  constructor(private readonly changed: () => void) {}

  /** Turn to a thing at an instant: of another thing all is forgotten, for another instant all is asked anew. */
  about(subject: string, instant = ""): void {
    this.#instant = instant;
    if (subject === this.#subject) return;
    this.#subject = subject;
    for (const each of [this.#asked, this.#opened, this.#picked]) each.clear();
  }

  /** The answer as far as there is one; of another version it is asked for anew, and the old one stays until then. */
  ask<T>(question: string, fetch: () => Promise<T>, of = ""): Answer<T> {
    const version = `${of} ${this.#instant}`;
    const known = this.#asked.get(question);
    if (known?.version === version) return known.answer as Answer<T>;
    const asked: Asked = { version, answer: known?.answer.state === "here" ? known.answer : { state: "asked" } };
    this.#asked.set(question, asked);
    void fetch()
      .then(
        (value) => ({ state: "here", value }) as Answer<T>,
        () => (asked.answer.state === "here" ? asked.answer : ({ state: "failed" } as Answer<T>)),
      )
      .then((answer) => {
        if (this.#asked.get(question) !== asked) return;
        asked.answer = answer;
        this.changed();
      });
    return asked.answer as Answer<T>;
  }

  /** Ask once more what could not be had. */
  again(question: string): void {
    this.#asked.delete(question);
    this.changed();
  }

  /** Whether a part that folds has been opened. */
  isOpen(part: string): boolean {
    return this.#opened.has(part);
  }

  fold(part: string, open: boolean): void {
    if (open === this.#opened.has(part)) return;
    if (open) this.#opened.add(part);
    else this.#opened.delete(part);
    this.changed();
  }

  /** Which of several the visitor looks at; the first until one was picked. */
  picked<T extends string>(question: string, choices: readonly T[]): T | undefined {
    return choices.find((each) => each === this.#picked.get(question)) ?? choices[0];
  }

  pick(question: string, choice: string): void {
    this.#picked.set(question, choice);
    this.changed();
  }
}
