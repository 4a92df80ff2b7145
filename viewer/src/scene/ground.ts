import type { BufferGeometry, Matrix4 } from "three";
import { Vector3 } from "three";

const CELLS = 64;

interface Patch {
  minX: number;
  minZ: number;
  stepX: number;
  stepZ: number;
  heights: Float32Array;
}

/**
 * Heights of the ground at any place, from the terrain tiles that are loaded: each tile's triangles are
 * rastered once, so that asking costs nothing and no ray is cast.
 */
export class Ground {
  readonly #patches = new Map<object, Patch>();
  /** Where no terrain is loaded (yet), the ground is taken to be here. */
  level = 0;

  /** Remember a terrain mesh under its tile; `matrix` brings its positions into the local frame. */
  add(tile: object, geometry: BufferGeometry, matrix: Matrix4): void {
    const position = geometry.getAttribute("position");
    if (!position || position.count < 3) return;
    const points: Vector3[] = [];
    let [minX, minZ, maxX, maxZ] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < position.count; i++) {
      const point = new Vector3().fromBufferAttribute(position, i).applyMatrix4(matrix);
      points.push(point);
      minX = Math.min(minX, point.x);
      maxX = Math.max(maxX, point.x);
      minZ = Math.min(minZ, point.z);
      maxZ = Math.max(maxZ, point.z);
    }
    const patch: Patch = {
      minX,
      minZ,
      stepX: (maxX - minX) / CELLS || 1,
      stepZ: (maxZ - minZ) / CELLS || 1,
      heights: new Float32Array((CELLS + 1) ** 2).fill(-Infinity),
    };
    const index = geometry.getIndex();
    const count = index ? index.count : position.count;
    for (let i = 0; i + 2 < count; i += 3) {
      const at = (k: number) => points[index ? index.getX(i + k) : i + k] as Vector3;
      raster(patch, at(0), at(1), at(2));
    }
    this.#patches.set(tile, patch);
  }

  remove(tile: object): void {
    this.#patches.delete(tile);
  }

  get empty(): boolean {
    return this.#patches.size === 0;
  }

  /** Local height at (x, z), by the terrain or else the level. */
  at(x: number, z: number): number {
    return this.height(x, z) ?? this.level;
  }

  /** Local height at (x, z) from the finest tile there, or null where no ground is known. */
  height(x: number, z: number): number | null {
    let best: number | null = null;
    let finest = Infinity;
    for (const patch of this.#patches.values()) {
      if (patch.stepX >= finest) continue;
      const column = Math.round((x - patch.minX) / patch.stepX);
      const row = Math.round((z - patch.minZ) / patch.stepZ);
      if (column < 0 || row < 0 || column > CELLS || row > CELLS) continue;
      const height = patch.heights[row * (CELLS + 1) + column] as number;
      if (!Number.isFinite(height)) continue;
      finest = patch.stepX;
      best = height;
    }
    return best;
  }
}

function raster(patch: Patch, a: Vector3, b: Vector3, c: Vector3): void {
  const area = (b.x - a.x) * (c.z - a.z) - (c.x - a.x) * (b.z - a.z);
  if (Math.abs(area) < 1e-9) return; // the skirt of a tile stands upright
  const cell = (value: number, min: number, step: number) => (value - min) / step;
  const first = (values: number[], min: number, step: number) => Math.max(0, Math.ceil(cell(Math.min(...values), min, step) - 1e-6));
  const last = (values: number[], min: number, step: number) => Math.min(CELLS, Math.floor(cell(Math.max(...values), min, step) + 1e-6));
  const xs = [a.x, b.x, c.x];
  const zs = [a.z, b.z, c.z];
  for (let row = first(zs, patch.minZ, patch.stepZ); row <= last(zs, patch.minZ, patch.stepZ); row++) {
    for (let column = first(xs, patch.minX, patch.stepX); column <= last(xs, patch.minX, patch.stepX); column++) {
      const x = patch.minX + column * patch.stepX;
      const z = patch.minZ + row * patch.stepZ;
      const u = ((b.x - x) * (c.z - z) - (c.x - x) * (b.z - z)) / area;
      const v = ((c.x - x) * (a.z - z) - (a.x - x) * (c.z - z)) / area;
      const w = 1 - u - v;
      if (u < -1e-4 || v < -1e-4 || w < -1e-4) continue;
      const at = row * (CELLS + 1) + column;
      const height = u * a.y + v * b.y + w * c.y;
      if (height > (patch.heights[at] as number)) patch.heights[at] = height;
    }
  }
}
