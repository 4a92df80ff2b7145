/** Tells which layer a tile belongs to, and keeps the tiles of hidden layers away. */

interface TileLike {
  parent: TileLike | null;
  content?: { uri?: string };
}

/** Layer in a tile's address: `…/tiles/<layer>/…` or `../<layer>/tileset.json`. */
export function layerIn(uri: string): string | null {
  return /(?:^|\/)([a-z0-9-]+\.[a-z0-9-]+)\/(?:r\/|content\/|tileset\.json)/.exec(uri)?.[1] ?? null;
}

/** For the plugin list of 3d-tiles-renderer. */
export class LayerSwitch {
  readonly name = "CITY_TWIN_LAYER_SWITCH";
  readonly #known = new WeakMap<TileLike, string>();
  hidden = new Set<string>();

  constructor(public datetime: string | null) {}

  /** Layer id of a tile, "" where it has none (the root of the city). */
  layer(tile: TileLike): string {
    const known = this.#known.get(tile);
    if (known !== undefined) return known;
    const own = layerIn(tile.content?.uri ?? "");
    const layer = own ?? (tile.parent ? this.layer(tile.parent) : "");
    this.#known.set(tile, layer);
    return layer;
  }

  /** Called for each tile: true means that our word counts. */
  calculateTileViewError(tile: TileLike, target: { inView: boolean }): boolean {
    if (!this.hidden.has(this.layer(tile))) return false;
    target.inView = false;
    return true;
  }

  /** Ask for the city as it was: only addresses that change with time take the instant. */
  preprocessURL(url: string): string {
    if (!this.datetime || !/\/tileset\.json$/.test(new URL(url, location.href).pathname)) return url;
    const asked = new URL(url, location.href);
    if (/\/r\/\d+\//.test(asked.pathname)) return url;
    asked.searchParams.set("datetime", this.datetime);
    return asked.href;
  }
}
