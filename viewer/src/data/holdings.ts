import { isJoined, isNearby } from "./kinds.js";
import type { Service } from "./service.js";
import { things } from "./things.js";
import type { City, Layer, Thing } from "./types.js";

/** Layers with fewer features are asked again every time: phases and sums of a day move on by themselves. */
const FEW = 500;
/** Half the width and height of the neighbourhood, degrees: about 450 m. */
const AROUND = { lon: 0.006, lat: 0.004 };
const MOST_NEARBY = 30;

/** All that the viewer holds of one city. A layer that fails is named and stops nothing else. */
export class Holdings {
  city: City | null = null;
  layers: Layer[] = [];
  /** The layers are known, even if there are none. */
  listed = false;
  readonly failed = new Set<string>();
  readonly #things = new Map<string, Thing[]>();
  /** What was fetched of a layer last: its revision and newest value. */
  readonly #fetched = new Map<string, string>();
  #nearby: Thing[] = [];
  #around = "";
  /** Grows with every move in time: answers about another instant come too late. */
  #age = 0;

  constructor(
    private readonly service: Service,
    private readonly id: string | null,
    private readonly wanted: (layer: Layer) => boolean = () => true,
    /** Told of texts that have come. */
    private readonly spell: (texts: unknown) => void = () => undefined,
  ) {}

  /** The city and its layers; then the features of each joined layer that is wanted, each telling `changed` as it comes. */
  async load(changed: () => void): Promise<void> {
    const asked = this.service.layers();
    asked.catch(() => undefined); // told below, once the city is known
    this.city = await this.service.city(this.id);
    this.spell(this.city);
    changed();
    await this.#take(asked);
    changed();
    await this.#features(changed);
  }

  /** Ask again, quietly: states and values; what fails keeps what was there. */
  async refresh(changed: () => void): Promise<void> {
    if (!this.city) return this.load(changed);
    await this.#take(this.service.layers());
    await this.#features(changed);
  }

  /**
   * All of the instant that the service is asked for from now on; what there was stays until all of that has come:
   * values of one day beside the sites of another would be called silent.
   *
   * @param arrived Called once it has.
   * @param listed Called as soon as it is known whether any layer has tiles then.
   */
  async travel(arrived: () => void, listed: (tiled: boolean) => void): Promise<void> {
    const age = ++this.#age;
    this.#around = "";
    this.#fetched.clear();
    const layers = (await this.service.layers()).filter((each) => each.city === this.city?.id);
    if (age !== this.#age) return;
    this.spell(layers);
    listed(layers.some((each) => each.tileset));
    const due = layers.filter((each) => isJoined(each) && this.wanted(each));
    const found = await Promise.all(due.map((layer) => this.#ask(layer)));
    if (age !== this.#age) return;
    // What nobody fetches is not of this instant.
    for (const each of layers) if (!due.includes(each)) this.#things.delete(each.id);
    this.#give(layers);
    this.failed.clear();
    due.forEach((layer, i) => this.#keep(layer, found[i] ?? null));
    arrived();
  }

  /** A layer was published anew: its description and its features. */
  async renew(ids: ReadonlySet<string>, changed: () => void): Promise<void> {
    await this.#take(this.service.layers());
    for (const id of ids) this.#fetched.delete(id);
    this.#around = "";
    const due = this.layers.filter((each) => ids.has(each.id) && isJoined(each) && this.wanted(each));
    for (const each of this.layers) if (ids.has(each.id) && !isJoined(each)) this.#things.delete(each.id);
    changed();
    await Promise.all(due.map((layer) => this.#fetch(layer, changed)));
  }

  /** The features of a layer once more: sums of a day have moved on. */
  async reload(layer: Layer, changed: () => void): Promise<void> {
    if (this.#things.has(layer.id)) await this.#fetch(layer, changed);
  }

  /** Whether any layer has tiles at the instant shown. */
  get tiled(): boolean {
    return this.layers.some((each) => each.tileset);
  }

  /** The things of one layer. */
  of(layer: string): readonly Thing[] {
    return this.#things.get(layer) ?? [];
  }

  /** The features of a layer that has just been wanted. */
  async fetch(layer: Layer, changed: () => void): Promise<void> {
    if (isJoined(layer) && !this.#things.has(layer.id)) await this.#fetch(layer, changed);
  }

  /** What the layers that are not held whole have around a place; asked once for each place. */
  async look(place: { lon: number; lat: number }, changed: () => void): Promise<void> {
    const layers = this.layers.filter((each) => isNearby(each) && this.wanted(each));
    const around = [place.lon.toFixed(3), place.lat.toFixed(3), ...layers.map((each) => each.id)].join();
    if (around === this.#around) return;
    this.#around = around;
    const { lon, lat } = AROUND;
    const box = [place.lon - lon, place.lat - lat, place.lon + lon, place.lat + lat];
    const answers = layers.map(async (layer) => {
      const found = await this.service.itemsIn(layer.id, box, MOST_NEARBY).then((items) => things(layer, items)).catch(() => null);
      if (around !== this.#around) return [];
      if (found) this.failed.delete(layer.id);
      else this.failed.add(layer.id);
      return found ?? [];
    });
    const nearby = (await Promise.all(answers)).flat();
    if (around !== this.#around) return; // another place or another instant was asked for meanwhile
    this.#nearby = nearby;
    changed();
  }

  layer(id: string): Layer | undefined {
    return this.layers.find((each) => each.id === id);
  }

  /** All things held, in the layers' order. */
  get things(): Thing[] {
    return this.layers.flatMap((layer) => this.#things.get(layer.id) ?? []);
  }

  /** Things of layers that are not held whole, from around the place last looked at. */
  get nearby(): readonly Thing[] {
    return this.#nearby;
  }

  async #take(answer: Promise<Layer[]>): Promise<void> {
    const age = this.#age;
    const layers = (await answer).filter((each) => each.city === this.city?.id);
    if (age !== this.#age) return;
    this.spell(layers);
    this.#give(layers);
  }

  #give(layers: Layer[]): void {
    this.layers = layers;
    this.listed = true;
    for (const layer of this.layers) for (const thing of this.#things.get(layer.id) ?? []) thing.layer = layer;
  }

  async #features(changed: () => void): Promise<void> {
    const due = this.layers.filter(
      (each) => isJoined(each) && this.wanted(each) && ((each.features ?? 0) <= FEW || this.#fetched.get(each.id) !== stateOf(each)),
    );
    await Promise.all(due.map((layer) => this.#fetch(layer, changed)));
  }

  async #fetch(layer: Layer, changed: () => void): Promise<void> {
    const age = this.#age;
    const found = await this.#ask(layer);
    if (age !== this.#age) return;
    this.#keep(layer, found);
    changed();
  }

  /** Null for what is no features, or features without sense: as good as no answer. */
  #ask(layer: Layer): Promise<Thing[] | null> {
    return this.service.items(layer.id).then((items) => things(layer, items)).catch(() => null);
  }

  #keep(layer: Layer, found: Thing[] | null): void {
    if (found) {
      this.#things.set(layer.id, found);
      this.#fetched.set(layer.id, stateOf(layer));
      this.failed.delete(layer.id);
    } else this.failed.add(layer.id);
  }
}

function stateOf(layer: Layer): string {
  return `${layer.revision} ${layer.last_value_at ?? ""}`;
}
