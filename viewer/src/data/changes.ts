import type { Change } from "./chain.js";

/** Columns that change with every look at the source, or that tell people nothing. */
const SILENT = new Set(["id", "source_id", "observed_at", "site", "station", "raster"]);

/** One thing that became different: of a date it is told whether it moved later or earlier. */
export type Difference =
  | { kind: "place" }
  | { kind: "later" | "earlier"; column: "valid_from" | "valid_to"; to: Date }
  | { kind: "became" | "told" | "untold"; column: string; before: unknown; after: unknown };

/** What a change made different, as facts; empty where nothing of it concerns people. */
export function differences({ columns }: Pick<Change, "columns">): Difference[] {
  return Object.entries(columns).flatMap(([column, { before, after }]): Difference[] => {
    if (SILENT.has(column)) return [];
    if (column === "geometry") return [{ kind: "place" }];
    const [none, empty] = [before === null || before === "", after === null || after === ""];
    if (none && empty) return [];
    if (!none && !empty && (column === "valid_from" || column === "valid_to")) {
      const [from, to] = [new Date(String(before)), new Date(String(after))];
      if (Number.isFinite(from.getTime()) && Number.isFinite(to.getTime())) return [{ kind: to > from ? "later" : "earlier", column, to }];
    }
    return [{ kind: none ? "told" : empty ? "untold" : "became", column, before, after }];
  });
}
