import { edgeIndex } from "./edges.js";
import type { Faces } from "./edges.js";
import { reliefOf } from "./relief.js";
import type { Relief } from "./relief.js";
import { spotsOf } from "./spots.js";
import type { Spot } from "./spots.js";

const QUARTERS_PER_METRE = 4;

/** What is to be worked out of a mesh; all of it plain numbers, so that a worker can do it. */
export interface Order {
  faces: Faces;
  /** Row of the property table of each corner. */
  rows: Uint32Array | null;
  /** Sixteen numbers, column by column, that bring the corners into the city's frame (y is up). */
  matrix: number[];
  edges: "bends" | "bends and rim" | null;
  feet: boolean;
  relief: boolean;
  spots: boolean;
}

/** What was worked out, as far as it was ordered. */
export interface Done {
  edges: Uint32Array | null;
  /** Of each corner the height above its feature's lowest, in quarter metres, 255 at most. */
  feet: Uint8Array | null;
  relief: Relief | null;
  spots: Spot[];
}

/** Work out what is ordered. */
export function work({ faces, rows, matrix, edges, feet, relief, spots }: Order): Done {
  return {
    edges: edges && edgeIndex(faces, edges === "bends and rim"),
    feet: feet ? aboveFoot(faces.points, rows, matrix) : null,
    relief: relief ? reliefOf(faces, matrix) : null,
    spots: spots && rows ? spotsOf(faces.points, rows, matrix) : [],
  };
}

/** The buffers of what was done, to be handed over without copying. */
export function buffersOf({ edges, feet, relief }: Done): ArrayBuffer[] {
  return [edges, feet, relief?.heights].flatMap((each) => (each ? [each.buffer as ArrayBuffer] : []));
}

function aboveFoot(points: Float32Array, rows: Uint32Array | null, matrix: readonly number[]): Uint8Array {
  const [a, b, c] = [matrix[1], matrix[5], matrix[9]] as [number, number, number];
  const heights = new Float32Array(points.length / 3);
  const lowest = new Map<number, number>();
  for (let i = 0; i < heights.length; i++) {
    const height = a * (points[i * 3] as number) + b * (points[i * 3 + 1] as number) + c * (points[i * 3 + 2] as number);
    heights[i] = height;
    const row = rows ? (rows[i] as number) : 0;
    if (height < (lowest.get(row) ?? Infinity)) lowest.set(row, height);
  }
  const feet = new Uint8Array(heights.length);
  for (let i = 0; i < heights.length; i++) {
    const foot = lowest.get(rows ? (rows[i] as number) : 0) as number;
    feet[i] = Math.min(255, Math.round(((heights[i] as number) - foot) * QUARTERS_PER_METRE));
  }
  return feet;
}
