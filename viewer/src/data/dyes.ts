import { RAMP, placeOf, stepOf } from "./colouring.js";
import type { Service } from "./service.js";
import type { Column, Layer } from "./types.js";
import { kind } from "./types.js";

/** Bounds of classes of heights in metres: sheds, houses, blocks of flats; from 22 m on German law calls a building high. */
const HEIGHTS = [4, 8, 12, 16, 22, 35, 60];
/** Classes of years, as the German census has them. */
const YEARS = [1919, 1949, 1979, 1991, 2001, 2011];
/** Columns by which buildings may be coloured, and the bounds of those that are numbers. */
const COLUMNS: Record<string, number[] | null> = { height_m: HEIGHTS, roof_type: null, year_built: YEARS, use: null };
/** Choices that say that nobody knows. */
const UNKNOWN = new Set(["unknown", "assumed"]);

/** How buildings are coloured: a column with its classes; what it does not tell, or only assumes, is not known. */
export interface Dye {
  column: Column;
  /** The column that says where the value is from, if there is one. */
  source: Column | null;
}

/** The ways in which a layer's buildings may be coloured; none for other layers. */
export function dyesOf(layer: Pick<Layer, "schema" | "columns">): Dye[] {
  if (kind(layer) !== "building") return [];
  const { columns = [] } = layer;
  return Object.entries(COLUMNS).flatMap(([name, breaks]): Dye[] => {
    const column = columns.find((each) => each.name === name);
    if (!column || (!breaks && column.choices.length === 0)) return [];
    const source = columns.find((each) => each.name === `${name.replace(/_m$/, "")}_source` && each.choices.some((choice) => UNKNOWN.has(choice.value)));
    return [{ column: breaks ? { ...column, breaks } : column, source: source ?? null }];
  });
}

/** The place of a building among the colours, by its values; null where its value is not known. */
export function dyed({ column, source }: Dye, value: (name: string) => unknown): number | null {
  if (source && UNKNOWN.has(String(value(source.name)))) return null;
  const own = value(column.name);
  return UNKNOWN.has(String(own)) ? null : placeOf(column, own);
}

/** A class of a dye: which colour, and which buildings. */
export interface Shade {
  place: number;
  /** Bounds of a number, the lower one within; null where it is open. */
  from: number | null;
  below: number | null;
  choice: Column["choices"][number] | null;
  filter: string;
}

/** The classes of a dye in their order. */
export function shadesOf({ column, source }: Dye): Shade[] {
  const told = source ? ` AND ${source.name}<>'assumed'` : "";
  const { breaks } = column;
  if (!breaks?.length) {
    return column.choices.flatMap((choice, place): Shade[] =>
      UNKNOWN.has(choice.value) ? [] : [{ place, from: null, below: null, choice, filter: `${column.name}='${choice.value}'` }],
    );
  }
  return [null, ...breaks].map((from, i) => {
    const below = breaks[i] ?? null;
    const bounds = [from === null ? "" : `${column.name}>=${from}`, below === null ? "" : `${column.name}<${below}`].filter(Boolean).join(" AND ");
    return { place: RAMP + stepOf(i, breaks.length + 1), from, below, choice: null, filter: bounds + told };
  });
}

/** How many buildings a class has, and of how many nothing is known: counted by the service, over the whole layer. */
export async function countShades(service: Service, layer: string, shades: readonly Shade[]): Promise<{ each: number[]; unknown: number }> {
  const count = async (filter?: string) => {
    const answer = await service.json<{ numberMatched: number }>(`ogc/collections/${encodeURIComponent(layer)}/items`, {
      limit: "1",
      properties: "id",
      skipGeometry: "true",
      ...(filter ? { filter } : {}),
    });
    return answer.numberMatched;
  };
  const [all, ...each] = await Promise.all([count(), ...shades.map((shade) => count(shade.filter))]);
  return { each, unknown: Math.max(0, (all as number) - each.reduce((sum, one) => sum + one, 0)) };
}
