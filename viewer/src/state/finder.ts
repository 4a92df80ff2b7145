import { inCity, readPlace } from "../data/coordinates.js";
import { formOf } from "../data/kinds.js";
import { key } from "../data/things.js";
import { Names } from "../data/search.js";
import type { Found, LayerNames, Sort } from "../data/search.js";
import type { Feature, Layer } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Story } from "../story.js";
import { FIND } from "../words/find.js";
import { placeInWords } from "../words/places.js";
import { sortInWords } from "../words/sorts.js";

/** What the search shows of something it found. */
export interface Result {
  title: string;
  /** What it is, in a word or two. */
  sort: string;
  lon: number;
  lat: number;
  /** Go there and choose it. */
  act: () => void;
}

const MOST = 8;
const MOST_HOUSES = 4;
/** What a publisher calls a building: one word with a digit. */
const ID = /^(?=.*\d)[\p{L}\p{N}_~.:-]{4,80}$/u;
/** The names are asked for again after this; an unchanged answer costs a few bytes. */
const RENEW_MS = 60_000;
/** What is meant more often, of the same name: a street rather than a site in it. */
const WEIGHTS: Record<string, number> = { district: 0, boundary: 0, street: 1, place: 1, green: 2, water: 2, roadwork: 5 };

/** Finds by name, building id or coordinates, all in the page. */
export class Finder {
  #names: Names | null = null;
  #asked = "";
  #since = 0;

  constructor(private readonly story: Story) {}

  /** Have the names at hand; what was there stays where the service does not answer. Throws where nothing is there. */
  async ready(): Promise<void> {
    const { story } = this;
    const query = { city: story.holdings.city?.id ?? "" };
    const address = story.service.url("ogc/names", query);
    if (this.#names && this.#asked === address && Date.now() - this.#since < RENEW_MS) return;
    try {
      const { layers } = await story.service.json<{ layers: LayerNames[] }>("ogc/names", query);
      this.#names = await Names.from(layers, new Map(story.layers.map((each) => [each.id, sortOf(each)])), () => new Promise((go) => setTimeout(go)));
      this.#asked = address;
      this.#since = Date.now();
    } catch (error) {
      if (!this.#names) throw error;
    }
  }

  /** Whether names of some layers are missing. */
  get partial(): boolean {
    return (this.#names?.partial.length ?? 0) > 0;
  }

  /** Whether a text may be what a publisher calls a building. */
  isId(typed: string): boolean {
    return ID.test(typed.trim());
  }

  find(typed: string): Result[] {
    const { story } = this;
    const { words, holdings } = story;
    const place = readPlace(typed, holdings.city?.bbox ?? null);
    if (place && holdings.city && !inCity(place, holdings.city.bbox)) return [];
    if (place) return [{ title: placeInWords(place, words), sort: FIND[words.register].coordinates, ...place, act: () => story.spots.go(place) }];
    const houses = this.isId(typed) ? this.#houses(typed.trim()) : [];
    return [...houses, ...(this.#names?.find(typed, story.centre, MOST) ?? []).flatMap((each) => this.#named(each))].slice(0, MOST);
  }

  /** Whether a text names a place that the city does not have. */
  isOutside(typed: string): boolean {
    const { city } = this.story.holdings;
    const place = readPlace(typed, city?.bbox ?? null);
    return place !== null && city !== null && !inCity(place, city.bbox);
  }

  #named(found: Found): Result[] {
    const { story } = this;
    const layer = story.holdings.layer(found.layer);
    if (!layer) return [];
    const { text: title, lon, lat } = found;
    return [{ title, sort: sortInWords(layer, story.words), lon, lat, act: () => void this.#go(layer, found) }];
  }

  async #go(layer: Layer, { id, text, lon, lat, reach }: Found): Promise<void> {
    const { story } = this;
    if (!story.shown(layer) && ["point", "site", "outline", "line"].includes(formOf(layer))) story.toggleLayer(layer);
    const known = story.holdings.things.find((each) => each.key === key(layer.id, id));
    if (known) return story.choose(known, true, reach);
    const none: Feature = { type: "Feature", id, geometry: null, properties: { name: text } };
    const feature = await story.service.item(layer.id, id).catch(() => none); // offline there is still the name
    story.choose({ key: key(layer.id, id), layer, feature, lon, lat }, true, reach);
  }

  #houses(typed: string): Result[] {
    const { story } = this;
    return (story.scene?.probe?.featuresCalled(typed, MOST_HOUSES) ?? []).flatMap(({ layer: name, row, lon, lat }) => {
      const layer = story.holdings.layer(name);
      if (!layer) return [];
      const id = String(row["id"]);
      const feature: Feature = { type: "Feature", id, geometry: null, properties: row };
      const act = () => {
        story.choose({ key: key(name, id), layer, feature, lon, lat }, true);
        void story.choice.complete(name, id);
      };
      return [{ title: String(row["source_id"] ?? id), sort: sortInWords(layer, story.words), lon, lat, act }];
    });
  }
}

function sortOf(layer: Layer): Sort {
  return { titles: Object.values(layer.title), weight: WEIGHTS[kind(layer)] ?? 3 };
}
