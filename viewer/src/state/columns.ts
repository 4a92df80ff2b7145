import type { TemplateResult } from "lit";
import { measureOf, standOf } from "../data/measure.js";
import type { Measure, Stand } from "../data/measure.js";
import { formOf } from "../data/kinds.js";
import type { Layer, Thing } from "../data/types.js";
import type { Story } from "../story.js";

type Part = typeof import("../parts/scale.js");

/** What the columns of the stations show: by layer, as the address says or as the values suggest. */
export class Columned {
  #measures = new Map<string, Measure>();
  #now = new Date();
  #part: Part | null = null;
  #coming = false;

  constructor(private readonly story: Story) {}

  /** Look at the values anew: of all stations of a layer, so that its scale does not change with the view. */
  renew(): void {
    const { story } = this;
    this.#now = story.now;
    const known = story.layers.filter((each) => each.properties?.length && formOf(each) === "point" && story.shown(each));
    this.#measures = new Map(
      known.flatMap((layer) => {
        const measure = measureOf(layer, story.holdings.of(layer.id), this.#now, this.#asked(layer));
        return measure ? [[layer.id, measure]] : [];
      }),
    );
  }

  /** What the columns of a layer show; null where nothing is measured. */
  of(layer: Pick<Layer, "id">): Measure | null {
    return this.#measures.get(layer.id) ?? null;
  }

  /** The property that the visitor wants to see of a thing's layer; null where the usual one is meant. */
  asked({ layer }: Thing): string | null {
    const asked = this.#asked(layer);
    return asked && this.of(layer)?.property === asked ? asked : null;
  }

  readonly stand = (thing: Thing): Stand => standOf(thing, this.of(thing.layer), this.#now);

  /** What tells of the columns, once the picture rests: on the way to it nobody waits for that. */
  get #code(): Part | null {
    const { story } = this;
    if (!this.#coming && story.settled && story.scene && !story.mapped) {
      this.#coming = true;
      const come = (part: Part) => {
        this.#part = part;
        story.teller.requestUpdate();
      };
      void import("../parts/scale.js").then(come, () => (this.#coming = false)); // the next round asks again
    }
    return this.#part;
  }

  /** What the columns of a layer show, in words; null where it has none, or nothing is known yet. */
  scale(layer: Layer): TemplateResult | null {
    const { story } = this;
    const part = this.#code;
    const measure = this.of(layer);
    if (!part || !measure) return null;
    return part.scale(layer, { words: story.words, things: story.holdings.of(layer.id), measure, choose: (each) => this.choose(layer, each) });
  }

  /** Show another property of a layer. */
  choose(layer: Layer, property: string): void {
    const { story } = this;
    const { [layer.name]: _, ...others } = story.address.values ?? {};
    const usual = measureOf(layer, story.holdings.of(layer.id), this.#now)?.property;
    story.address.values = property && property !== usual ? { ...others, [layer.name]: property } : others;
    story.changed();
    story.remember();
  }

  #asked(layer: Layer): string | null {
    return this.story.address.values?.[layer.name] ?? null;
  }
}
