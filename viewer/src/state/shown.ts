import { grouped } from "../data/here.js";
import { shownAtFirst, vanishes } from "../data/kinds.js";
import type { Layer, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Story } from "../story.js";

/** Which layers are shown, and which of their things. */
export class Shown {
  /** What the visitor has said of layers, by their names. */
  readonly #said = new Map<string, boolean>();

  constructor(private readonly story: Story) {}

  /** Whether a layer is shown: as the visitor said, else as the address says, else by what it is. */
  layer(layer: Layer): boolean {
    return this.#said.get(layer.name) ?? this.#asked?.includes(layer.name) ?? shownAtFirst(layer);
  }

  /** The layers' names for a link; null where it need not name them. */
  get names(): string[] | null {
    const { layers } = this.story;
    if (!layers.some((each) => this.layer(each) !== shownAtFirst(each))) return null;
    return layers.filter((each) => this.layer(each)).map((each) => each.name);
  }

  toggle(layer: Layer): void {
    this.#said.set(layer.name, !this.layer(layer));
  }

  /** From now on as the address says. */
  forget(): void {
    this.#said.clear();
  }

  /** All that is shown of the layers: of a site each of its areas. */
  areas(): Thing[] {
    return this.story.holdings.things.filter((thing) => this.layer(thing.layer) && !(vanishes(thing.layer) && thing.feature.phase === "done"));
  }

  /** Things of the layers shown; a site of several areas is one thing. */
  things(): Thing[] {
    const shown = this.areas();
    const sites = new Set(grouped(shown.filter((each) => kind(each.layer) === "roadwork")));
    return shown.filter((each) => kind(each.layer) !== "roadwork" || sites.has(each));
  }

  /** Names of the address. A link none of whose layers is left says nothing of what there is now. */
  get #asked(): string[] | undefined {
    const { address, layers } = this.story;
    const asked = address.layers;
    if (!asked?.length || layers.length === 0) return asked;
    return asked.some((name) => layers.some((each) => each.name === name)) ? asked : undefined;
  }
}
