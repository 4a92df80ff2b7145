import { beginsAlmost, fold, lettersOf, oneApart } from "./fold.js";
import { distance } from "./places.js";

/** The names of a layer as the service sends them (`/ogc/names`): columns of equal length. */
export interface LayerNames {
  layer: string;
  damaged?: boolean;
  left_out?: number;
  names?: string[];
  ids?: string[];
  lon?: number[];
  lat?: number[];
  reach_m?: number[];
}

/** A name that was found. */
export interface Found {
  layer: string;
  id: string;
  text: string;
  lon: number;
  lat: number;
  /** How far it reaches from its middle, metres. */
  reach: number;
}

/** What is known of a layer: what it is called, in whatever language, and how likely it is meant (0 most). */
export interface Sort {
  titles: readonly string[];
  weight: number;
}

interface Entry extends Found {
  /** Folded, with a blank before each word. */
  key: string;
  letters: number;
}

/** How well a name fits, the best first. */
const EXACT = 0;
const BEGINS = 1;
const WORDS = 2;
const WITHIN = 3;
const ALMOST = 4;
const OF_LAYER = 5;
/** A part of a word counts from so many letters on; wrong letters from so many. */
const PART = 3;
const TYPO = 4;
/** With so many good ones nobody looks for misspelt ones. */
const ENOUGH = 3;
/** Names that are folded before others get a turn: a few milliseconds. */
const AT_ONCE = 400;
const MOST_LETTERS = 100;

/** All names of a city, ready to be searched: nothing of what is typed leaves the page. */
export class Names {
  readonly #entries: Entry[] = [];
  readonly #sorts = new Map<string, { titles: string[]; weight: number }>();
  /** Layers of which not all names are here. */
  readonly partial: string[] = [];

  /** Take in what the service sent; in slices, so that nobody waits for it. */
  static async from(layers: readonly LayerNames[], sorts: ReadonlyMap<string, Sort>, pause: () => Promise<void>): Promise<Names> {
    const names = new Names();
    let done = 0;
    for (const { layer, damaged, left_out = 0, names: texts = [], ids = [], lon = [], lat = [], reach_m = [] } of layers) {
      if (damaged || left_out > 0) names.partial.push(layer);
      const sort = sorts.get(layer);
      if (!sort) continue;
      names.#sorts.set(layer, { titles: sort.titles.map(fold), weight: sort.weight });
      for (let i = 0; i < texts.length; i++) {
        if (++done % AT_ONCE === 0) await pause();
        const text = texts[i] as string;
        const key = ` ${fold(text)}`;
        const place = { lon: lon[i] as number, lat: lat[i] as number, reach: reach_m[i] ?? 0 };
        names.#entries.push({ layer, id: ids[i] as string, text, ...place, key, letters: lettersOf(key) });
      }
    }
    return names;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The names that fit best, the best first; of equal ones what is meant more often, then the nearest to `centre`. */
  find(typed: string, centre: { lon: number; lat: number }, most: number): Found[] {
    const asked = fold(typed.slice(0, MOST_LETTERS));
    if (asked === "") return [];
    const words = asked.split(" ");
    const [whole, letters] = [` ${asked}`, lettersOf(asked)];
    const ranks = new Map<Entry, number>();
    for (const entry of this.#entries) {
      if ((letters & ~entry.letters) !== 0) continue;
      const rank = fit(entry.key, whole, words);
      if (rank !== null) ranks.set(entry, rank);
    }
    if (ranks.size < ENOUGH) this.#misspelt(words, ranks);
    if (ranks.size < ENOUGH) this.#ofLayer(asked, ranks);
    return [...ranks]
      .map(([entry, rank]) => ({ entry, rank, weight: this.#sorts.get(entry.layer)?.weight ?? 9, far: distance(centre, entry) }))
      .sort((a, b) => a.rank - b.rank || a.weight - b.weight || a.far - b.far || (a.entry.id < b.entry.id ? -1 : 1))
      .slice(0, most)
      .map(({ entry: { layer, id, text, lon, lat, reach } }) => ({ layer, id, text, lon, lat, reach }));
  }

  #misspelt(words: readonly string[], ranks: Map<Entry, number>): void {
    const letters = words.map(lettersOf);
    for (const entry of this.#entries) {
      if (ranks.has(entry) || !letters.every((each) => oneApart(each, entry.letters))) continue;
      const own = entry.key.slice(1).split(" ");
      const close = (asked: string) => own.some((word) => word.startsWith(asked) || (asked.length >= TYPO && beginsAlmost(word, asked)));
      if (words.every(close)) ranks.set(entry, ALMOST);
    }
  }

  /** Who types "Luft" may mean the stations that measure it. */
  #ofLayer(asked: string, ranks: Map<Entry, number>): void {
    if (asked.length < PART) return;
    const meant = new Set([...this.#sorts].filter(([, { titles }]) => titles.some((each) => ` ${each}`.includes(` ${asked}`))).map(([layer]) => layer));
    for (const entry of this.#entries) if (meant.has(entry.layer) && !ranks.has(entry)) ranks.set(entry, OF_LAYER);
  }
}

function fit(key: string, asked: string, words: readonly string[]): number | null {
  if (key.startsWith(asked)) return key.length === asked.length ? EXACT : BEGINS;
  if (words.every((each) => key.includes(` ${each}`))) return WORDS;
  if (words.every((each) => key.includes(each.length >= PART ? each : ` ${each}`))) return WITHIN;
  return words.length > 1 && key.replaceAll(" ", "").startsWith(words.join("")) ? WITHIN : null;
}
