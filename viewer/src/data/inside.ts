import type { Service } from "./service.js";
import type { Layer, Thing } from "./types.js";

/** Rows of one answer, as many as the service gives. */
const MOST = 10_000;

/** How many things of a layer lie in an area, and where they are to be read and to be had as a table. */
export interface Inside {
  layer: Layer;
  count: number;
  page: string;
  table: string;
  /** Rows of the table: the first ones where there are very many. */
  rows: number;
}

/** What of each layer lies in an area or reaches into it, layers with nothing left out; the area is meant by its id, not by its corners. */
export async function insideOf(service: Service, { layer: { id: area }, feature }: Thing, layers: readonly Layer[]): Promise<Inside[]> {
  const filter = `S_INTERSECTS(geometry,FEATURE(${quoted(area)},${quoted(feature.id)}))`;
  const found = await Promise.all(
    layers.map(async (layer) => {
      const path = `ogc/collections/${encodeURIComponent(layer.id)}/items`;
      const { numberMatched } = await service.json<{ numberMatched: number }>(path, { filter, limit: "1", skipGeometry: "true" });
      const table = service.url(path, { filter, limit: String(MOST), f: "csv" });
      return { layer, count: numberMatched, page: service.url(path, { filter, f: "html" }), table, rows: Math.min(numberMatched, MOST) };
    }),
  );
  return found.filter(({ count }) => count);
}

/** A text as CQL2 writes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
