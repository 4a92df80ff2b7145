import type { Spot } from "./spots.js";
import type { Table } from "./table.js";

/** A street's name and where it may be written. */
export interface Name extends Spot {
  text: string;
}

/** A street shorter than this bears its name too densely. */
const SHORTEST_M = 60;

/** The names of the streets in the tiles that are loaded, each where its street is longest. */
export class Names {
  readonly #tiles = new Map<object, Name[]>();
  #longest: Name[] | null = null;

  add(tile: object, table: Table, spots: readonly Spot[]): void {
    const named = spots.flatMap((spot) => {
      const text = spot.length >= SHORTEST_M ? table.value("name", spot.row) : null;
      return typeof text === "string" ? [{ ...spot, text }] : [];
    });
    if (named.length === 0) return;
    this.#tiles.set(tile, [...(this.#tiles.get(tile) ?? []), ...named]);
    this.#longest = null;
  }

  remove(tile: object): void {
    if (this.#tiles.delete(tile)) this.#longest = null;
  }

  /** One of each name, the longest street first. */
  get all(): readonly Name[] {
    if (this.#longest) return this.#longest;
    const longest = new Map<string, Name>();
    for (const each of [...this.#tiles.values()].flat()) {
      const known = longest.get(each.text);
      if (!known || each.length > known.length) longest.set(each.text, each);
    }
    return (this.#longest = [...longest.values()].sort((a, b) => b.length - a.length));
  }
}
