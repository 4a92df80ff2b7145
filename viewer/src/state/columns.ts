import type { TemplateResult } from "lit";
import { airIndex, isFamiliar } from "../data/here.js";
import { measureOf, standOf } from "../data/measure.js";
import type { Measure, Stand } from "../data/measure.js";
import { formOf } from "../data/kinds.js";
import { distance } from "../data/places.js";
import type { Layer, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import { labelOf } from "../parts/label.js";
import type { Detail, Label } from "../scene/marks.js";
import type { Story } from "../story.js";

type Part = typeof import("../parts/scale.js");
type Near = typeof import("../parts/near.js");

/** From this close, to the view's place and from there to a station, its sign shows all that it measures. */
const NEAR_M = 400;
/** From further off what stands in the city by the hundred has no words: there would be nothing but signs. */
const FAR_M = 1000;
const MANY = new Set(["parking", "rental-station", "stop"]);

/** What the columns of the stations show: by layer, as the address says or as the values suggest. */
export class Columned {
  #measures = new Map<string, Measure>();
  #now = new Date();
  #part: Part | null = null;
  #coming = false;
  #near: Near | null = null;
  #nearing = false;
  /** How near the view is, and what the signs of near stations show. */
  #range = 0;
  #details = new Map<string, Detail>();

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
    this.#look();
  }

  /** The view came to rest: whether the signs have to say more now, or less. */
  viewed(): boolean {
    const before = this.#nearness;
    this.#look();
    return before !== this.#nearness;
  }

  get #nearness(): string {
    return [this.#range <= NEAR_M, this.#range <= FAR_M, ...this.#details.keys()].join();
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

  readonly stand = (thing: Thing): Stand =>
    this.#details.has(thing.key) && kind(thing.layer) === "air-station" ? { kind: "signed", step: airIndex(thing) } : standOf(thing, this.of(thing.layer), this.#now);

  /** What the mark of a thing says. */
  readonly label = (thing: Thing): Label | null => {
    const { words } = this.story;
    if (MANY.has(kind(thing.layer)) && this.#range > FAR_M) return null;
    const label = labelOf(thing, this.#now, words, this.asked(thing)) ?? (kind(thing.layer) === "stop" && this.#range <= NEAR_M ? (this.#near?.stopOf(thing, words) ?? null) : null);
    const detail = this.#details.get(thing.key);
    return label && detail ? { ...label, detail } : label;
  };

  /** Find the near stations, and what more their signs show. */
  #look(): void {
    const { story } = this;
    const { scene, words } = story;
    this.#range = scene?.view.range ?? 0;
    const near = scene && this.#range <= NEAR_M ? story.visible().filter((each) => formOf(each.layer) === "point" && distance(scene.view, each) <= NEAR_M) : [];
    if (near.length > 0 && !this.#near && story.begun) this.#fetch(); // on the way to the first picture nobody waits for that
    const [lon, lat] = story.holdings.city?.centre ?? [0, 0];
    this.#details = new Map(
      near.filter(isFamiliar).flatMap((thing) => {
        const detail = this.#near?.detailOf(thing, this.#now, words, { lon, lat });
        return detail ? [[thing.key, detail] as const] : [];
      }),
    );
  }

  #fetch(): void {
    if (this.#nearing) return;
    this.#nearing = true;
    const come = (part: Near) => {
      this.#near = part;
      this.story.changed();
    };
    void import("../parts/near.js").then(come, () => (this.#nearing = false)); // the next rest asks again
  }

  /** What tells of the columns, once the picture rests: on the way to it nobody waits for that. */
  get #code(): Part | null {
    const { story } = this;
    if (!this.#coming && story.begun && story.scene && !story.mapped) {
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
