import type { Change } from "./chain.js";

/** Columns that change with every look at the source, or that tell people nothing. */
const SILENT = new Set(["id", "source_id", "observed_at", "site", "station", "raster"]);

/** One thing that became different: of a date it is told whether it moved later or earlier. */
export type Difference =
  | { kind: "place" }
  | { kind: "came" | "went"; column: string; texts: string[] }
  | { kind: "later" | "earlier"; column: "valid_from" | "valid_to"; to: Date }
  | { kind: "became" | "told" | "untold"; column: string; before: unknown; after: unknown };

/** What a change made different, as facts; empty where nothing of it concerns people. */
export function differences({ columns }: Pick<Change, "columns">): Difference[] {
  return Object.entries(columns).flatMap(([column, { before, after }]): Difference[] => {
    if (SILENT.has(column)) return [];
    if (column === "geometry") return [{ kind: "place" }];
    if (Array.isArray(before) && Array.isArray(after)) return listed(column, before.map(String), after.map(String));
    const [none, empty] = [before === null || before === "", after === null || after === ""];
    if (none && empty) return [];
    if (!none && !empty && (column === "valid_from" || column === "valid_to")) {
      const [from, to] = [new Date(String(before)), new Date(String(after))];
      if (Number.isFinite(from.getTime()) && Number.isFinite(to.getTime())) return [{ kind: to > from ? "later" : "earlier", column, to }];
    }
    return [{ kind: none ? "told" : empty ? "untold" : "became", column, before, after }];
  });
}

/** Of a list what came to it and what went. */
function listed(column: string, before: string[], after: string[]): Difference[] {
  const [came, went] = [after.filter((each) => !before.includes(each)), before.filter((each) => !after.includes(each))];
  return [
    ...(came.length ? [{ kind: "came" as const, column, texts: came }] : []),
    ...(went.length ? [{ kind: "went" as const, column, texts: went }] : []),
  ];
}
