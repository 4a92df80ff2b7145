import type { Faces } from "./edges.js";

export const CELLS = 64;

/** Heights of a piece of ground, rastered over its extent: `CELLS` + 1 in a row, −∞ where there is none. */
export interface Relief {
  minX: number;
  minZ: number;
  stepX: number;
  stepZ: number;
  heights: Float32Array;
}

/** Raster a terrain mesh; `matrix` (sixteen numbers, column by column) brings its corners into the local frame. */
export function reliefOf({ points, index }: Faces, matrix: readonly number[]): Relief | null {
  if (points.length < 9) return null;
  const placed = new Float32Array(points.length);
  let [minX, minZ, maxX, maxZ] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [points[i] as number, points[i + 1] as number, points[i + 2] as number];
    for (let row = 0; row < 3; row++) {
      const [a, b, c, d] = [matrix[row], matrix[row + 4], matrix[row + 8], matrix[row + 12]] as [number, number, number, number];
      placed[i + row] = a * x + b * y + c * z + d;
    }
    minX = Math.min(minX, placed[i] as number);
    maxX = Math.max(maxX, placed[i] as number);
    minZ = Math.min(minZ, placed[i + 2] as number);
    maxZ = Math.max(maxZ, placed[i + 2] as number);
  }
  const relief: Relief = {
    minX,
    minZ,
    stepX: (maxX - minX) / CELLS || 1,
    stepZ: (maxZ - minZ) / CELLS || 1,
    heights: new Float32Array((CELLS + 1) ** 2).fill(-Infinity),
  };
  const count = index ? index.length : points.length / 3;
  const at = (k: number) => {
    const corner = (index ? (index[k] as number) : k) * 3;
    return { x: placed[corner] as number, y: placed[corner + 1] as number, z: placed[corner + 2] as number };
  };
  for (let i = 0; i + 2 < count; i += 3) raster(relief, at(i), at(i + 1), at(i + 2));
  return relief;
}

interface Point {
  x: number;
  y: number;
  z: number;
}

function raster(relief: Relief, a: Point, b: Point, c: Point): void {
  const area = (b.x - a.x) * (c.z - a.z) - (c.x - a.x) * (b.z - a.z);
  if (Math.abs(area) < 1e-9) return; // the skirt of a tile stands upright
  const cell = (value: number, min: number, step: number) => (value - min) / step;
  const first = (values: number[], min: number, step: number) => Math.max(0, Math.ceil(cell(Math.min(...values), min, step) - 1e-6));
  const last = (values: number[], min: number, step: number) => Math.min(CELLS, Math.floor(cell(Math.max(...values), min, step) + 1e-6));
  const xs = [a.x, b.x, c.x];
  const zs = [a.z, b.z, c.z];
  for (let row = first(zs, relief.minZ, relief.stepZ); row <= last(zs, relief.minZ, relief.stepZ); row++) {
    for (let column = first(xs, relief.minX, relief.stepX); column <= last(xs, relief.minX, relief.stepX); column++) {
      const x = relief.minX + column * relief.stepX;
      const z = relief.minZ + row * relief.stepZ;
      const u = ((b.x - x) * (c.z - z) - (c.x - x) * (b.z - z)) / area;
      const v = ((c.x - x) * (a.z - z) - (a.x - x) * (c.z - z)) / area;
      const w = 1 - u - v;
      if (u < -1e-4 || v < -1e-4 || w < -1e-4) continue;
      const at = row * (CELLS + 1) + column;
      const height = u * a.y + v * b.y + w * c.y;
      if (height > (relief.heights[at] as number)) relief.heights[at] = height;
    }
  }
}
