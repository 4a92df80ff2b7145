import { formOf } from "../data/kinds.js";
import { Live } from "../data/live.js";
import type { Listener } from "../data/live.js";
import { freshen, observe } from "../data/news.js";
import type { Fresh, Observed } from "../data/news.js";
import type { Layer } from "../data/types.js";
import type { Story } from "../story.js";

/** Events come in bursts: a run publishes one layer after the other. */
const BURST_MS = 300;
/** Sums of a day are the service's; new values ask for them anew, but not one by one. */
const SUMS_MS = 1500;

/** What happens in the city while one looks at it: told by `/live`, brought into the picture. */
export class News implements Listener {
  readonly #live: Live;
  readonly #revised = new Set<string>();
  readonly #measured = new Set<string>();
  #burst: ReturnType<typeof setTimeout> | undefined;
  #sums: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly story: Story) {
    this.#live = new Live(story.service.base, this);
  }

  /** Whether what is new comes by itself. */
  get open(): boolean {
    return this.#live.open;
  }

  /** Listen to the layers that are shown; the past has no news. */
  follow(): void {
    const { story } = this;
    if (story.address.datetime) return this.stop();
    this.#live.follow(story.layers.filter((each) => story.shown(each)).map((each) => each.id));
  }

  stop(): void {
    this.#live.stop();
    clearTimeout(this.#burst);
    clearTimeout(this.#sums);
    this.#revised.clear();
    this.#measured.clear();
  }

  heard(type: string, id: string, data: unknown): void {
    const { story } = this;
    const layer = story.holdings.layer(id);
    if (!layer) return;
    if (type === "revision") this.#publish(id);
    else if (type === "observation") this.#observe(layer, (data as { values?: Observed[] }).values ?? []);
    else if (type === "freshness") {
      freshen(layer, data as Fresh);
      story.teller.requestUpdate();
    }
  }

  lost(lost: boolean): void {
    if (this.story.lost === lost) return;
    this.story.lost = lost;
    if (!lost) this.story.again();
    this.story.teller.requestUpdate();
  }

  missed(): void {
    for (const each of this.story.layers) if (this.story.shown(each)) this.#publish(each.id);
  }

  #publish(id: string): void {
    this.#revised.add(id);
    clearTimeout(this.#burst);
    this.#burst = setTimeout(() => void this.#renew(), BURST_MS);
  }

  async #renew(): Promise<void> {
    const { story } = this;
    const ids = new Set(this.#revised);
    this.#revised.clear();
    const before = new Map(story.layers.map((each) => [each.id, each.revision]));
    const arrived = story.holdings.renew(ids, () => story.changed()).catch(() => this.lost(true));
    await arrived;
    const drawn = story.layers.filter((each) => ids.has(each.id) && each.tileset && formOf(each) !== "point");
    if (drawn.some((each) => before.get(each.id) !== each.revision)) story.scene?.renew?.();
    await story.time.learn();
  }

  #observe(layer: Layer, values: readonly Observed[]): void {
    const { story } = this;
    if (observe(story.holdings.of(layer.id), values) === 0) return;
    story.changed();
    this.#measured.add(layer.id);
    this.#sums ??= setTimeout(() => {
      this.#sums = undefined;
      const due = story.layers.filter((each) => this.#measured.has(each.id));
      this.#measured.clear();
      for (const each of due) void story.holdings.reload(each, () => story.changed());
    }, SUMS_MS);
  }
}
