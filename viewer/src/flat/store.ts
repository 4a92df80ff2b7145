import type { Service } from "../data/service.js";
import type { Layer } from "../data/types.js";
import { meets } from "./mercator.js";
import type { TileAt } from "./mercator.js";
import { decode } from "./mvt.js";
import { paint } from "./paint.js";
import type { Manner, Painted } from "./paint.js";
import type { Style } from "./style.js";

/** Tiles held at once; the longest unseen go first. */
const MOST = 500;
const GRID = "WebMercatorQuad";

interface Source {
  style: Style;
  /** Which revision the tiles are of, as the style says. */
  query: string;
  /** Where the layer lies: west, south, east, north. */
  bounds: readonly number[];
  least: number;
  most: number;
}

interface Held {
  painted: Painted | null;
  state: "asked" | "there" | "failed";
}

/** The vector tiles of one layer at one revision, as they come. */
export class Sheet {
  source: Source | null = null;
  failed = false;
  readonly tiles = new Map<string, Held>();

  constructor(
    readonly layer: Layer,
    readonly key: string,
  ) {}
}

/** Fetches styles and tiles of the layers shown. A layer or tile that fails stops nothing else, and is asked again later. */
export class Store {
  readonly #sheets = new Map<string, Sheet>();
  #pending = 0;

  constructor(
    private readonly service: () => Service,
    private readonly manner: Manner,
    private readonly changed: () => void,
    private readonly told: (layer: Layer, failed: boolean) => void,
  ) {}

  get busy(): boolean {
    return this.#pending > 0;
  }

  /** From now on these layers are wanted; what failed is asked again, what is known is kept. */
  want(layers: readonly Layer[]): Sheet[] {
    const { datetime } = this.service();
    const wanted = layers.map((layer) => {
      const key = `${layer.id} ${layer.revision} ${datetime ?? ""}`;
      const known = this.#sheets.get(layer.id);
      const sheet = known?.key === key ? known : new Sheet(layer, key);
      sheet.failed = known?.failed ?? false;
      this.#sheets.set(layer.id, sheet);
      for (const [name, held] of sheet.tiles) if (held.state === "failed") sheet.tiles.delete(name);
      if (!sheet.source && (sheet.failed || sheet !== known)) void this.#style(sheet);
      return sheet;
    });
    const kept = new Set(wanted);
    for (const [id, sheet] of this.#sheets) {
      if (kept.has(sheet)) continue;
      this.#sheets.delete(id);
      if (sheet.failed) this.told(sheet.layer, false); // what nobody wants is not missed
    }
    return wanted;
  }

  /** A tile, asked for if it is not there; undefined while it is not, null where nothing lies in it. */
  tile(sheet: Sheet, at: TileAt, ask: boolean): Painted | null | undefined {
    const name = `${at.level}/${at.row}/${at.column}`;
    const held = sheet.tiles.get(name);
    if (held?.state === "there") {
      sheet.tiles.delete(name); // the newest seen comes last
      sheet.tiles.set(name, held);
      return held.painted;
    }
    if (sheet.source && !meets(at, sheet.source.bounds)) return null;
    if (!held && ask && sheet.source) void this.#fetch(sheet, name);
    return undefined;
  }

  async #style(sheet: Sheet): Promise<void> {
    const path = `ogc/collections/${encodeURIComponent(sheet.layer.id)}/tiles/${GRID}/style.json`;
    await this.#asking(async () => {
      const style = await this.service().json<Style>(path);
      const { tiles, minzoom, maxzoom, bounds = [] } = Object.values(style.sources)[0] ?? {};
      const query = /\?[\w=&.:%+-]*$/.exec(tiles?.[0] ?? "")?.[0] ?? "";
      sheet.source = { style, query, bounds, least: minzoom ?? 0, most: maxzoom ?? 16 };
    });
    this.#tell(sheet);
  }

  async #fetch(sheet: Sheet, name: string): Promise<void> {
    const { source } = sheet;
    if (!source) return;
    sheet.tiles.set(name, { painted: null, state: "asked" });
    const path = `ogc/collections/${encodeURIComponent(sheet.layer.id)}/tiles/${GRID}/${name}${source.query}`;
    const whole = await this.#asking(async () => {
      const bytes = await this.service().bytes(path);
      const layer = bytes.length ? decode(bytes).find((each) => each.name === sheet.layer.id) : undefined;
      sheet.tiles.set(name, { painted: layer ? paint(layer, source.style, this.manner) : null, state: "there" });
    });
    if (!whole) sheet.tiles.set(name, { painted: null, state: "failed" });
    for (const [oldest, { state }] of sheet.tiles) {
      if (sheet.tiles.size <= MOST / Math.max(1, this.#sheets.size)) break;
      if (state !== "asked") sheet.tiles.delete(oldest);
    }
    this.#tell(sheet);
  }

  /** Say of a layer whether its style or a tile is missing, if that is news. */
  #tell(sheet: Sheet): void {
    const failed = !sheet.source || [...sheet.tiles.values()].some((each) => each.state === "failed");
    if (failed === sheet.failed || this.#sheets.get(sheet.layer.id) !== sheet) return;
    sheet.failed = failed;
    this.told(sheet.layer, failed);
  }

  /** Ask for something; true if it came and could be read. */
  async #asking(ask: () => Promise<void>): Promise<boolean> {
    this.#pending += 1;
    let whole = true;
    try {
      await ask();
    } catch {
      whole = false; // said by the layer's sentence; the next minute asks again
    }
    this.#pending -= 1;
    this.changed();
    return whole;
  }
}
