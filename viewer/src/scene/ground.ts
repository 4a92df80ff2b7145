import { CELLS } from "./relief.js";
import type { Relief } from "./relief.js";

/**
 * Heights of the ground at any place, from the terrain tiles that are loaded: each tile's triangles are
 * rastered once, so that asking costs nothing and no ray is cast.
 */
export class Ground {
  readonly #patches = new Map<object, Relief>();
  /** Grows with every tile that comes or goes. */
  changes = 0;
  /** Where no terrain is loaded (yet), the ground is taken to be here. */
  level = 0;

  /** Remember the relief of a terrain tile. */
  add(tile: object, relief: Relief): void {
    this.#patches.set(tile, relief);
    this.changes += 1;
  }

  remove(tile: object): void {
    if (this.#patches.delete(tile)) this.changes += 1;
  }

  get empty(): boolean {
    return this.#patches.size === 0;
  }

  /** The box around all that is known, or null. */
  get extent(): { west: number; east: number; north: number; south: number } | null {
    if (this.empty) return null;
    const all = [...this.#patches.values()];
    return {
      west: Math.min(...all.map((each) => each.minX)),
      east: Math.max(...all.map((each) => each.minX + each.stepX * CELLS)),
      north: Math.min(...all.map((each) => each.minZ)),
      south: Math.max(...all.map((each) => each.minZ + each.stepZ * CELLS)),
    };
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
