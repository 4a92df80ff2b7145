import type { TilesRenderer } from "3d-tiles-renderer/three";
import { ERROR_PX } from "./tileset.js";

const MIB = 2 ** 20;
/** Part of a machine's memory that tiles may take; the browser, the page and the graphics card's copy want theirs. */
const PART = 0.07;
const LEAST_MIB = 96;
const MOST_MIB = 400;
/** A step coarser or finer. */
const STEP = 1.5;
/** So coarse at most: houses are blocks, but they are there. */
const COARSEST_PX = ERROR_PX * STEP ** 5;
/** Between two steps others have their time to come and go. */
const REST_MS = 1500;

/** What tiles may take, in bytes, on a machine with so many gibibytes; 4 where the browser does not say. */
export function allowance(gibibytes = 4): number {
  return Math.min(MOST_MIB, Math.max(LEAST_MIB, gibibytes * 1024 * PART)) * MIB;
}

/** The part of 3d-tiles-renderer's cache that we look at. */
interface Cache {
  cachedBytes: number;
  minBytesSize: number;
  maxBytesSize: number;
}

/** The pictures on this page, and how many models each has: the one that is shown, and perhaps one to come. */
const pictures = new Map<object, number>();

/**
 * Keeps the tiles within what the machine has: what is not seen goes first, then the picture gets coarser. Several
 * pictures on one page share it.
 */
export class Memory {
  readonly #cache: Cache;
  readonly #whole: number;
  #stepped = 0;

  constructor(
    private readonly tiles: Pick<TilesRenderer, "errorTarget"> & { lruCache: unknown },
    private readonly picture: object,
    gibibytes = (navigator as { deviceMemory?: number }).deviceMemory,
  ) {
    this.#cache = tiles.lruCache as Cache;
    this.#whole = allowance(gibibytes);
    pictures.set(picture, (pictures.get(picture) ?? 0) + 1);
    this.#share();
  }

  /** Bytes that this picture may take now. */
  #share(): number {
    const share = this.#whole / pictures.size;
    this.#cache.maxBytesSize = share;
    this.#cache.minBytesSize = share * 0.7;
    return share;
  }

  /** The tiles are gone: what they might take is there for others. */
  dispose(): void {
    const left = (pictures.get(this.picture) ?? 0) - 1;
    if (left > 0) pictures.set(this.picture, left);
    else pictures.delete(this.picture);
  }

  /** Look at it before tiles are chosen. */
  watch(now = performance.now()): void {
    const share = this.#share();
    if (now - this.#stepped < REST_MS) return;
    const { tiles } = this;
    const used = this.#cache.cachedBytes / share;
    const wanted = used > 0.95 ? tiles.errorTarget * STEP : used < 0.5 ? tiles.errorTarget / STEP : tiles.errorTarget;
    const target = Math.min(COARSEST_PX, Math.max(ERROR_PX, wanted));
    if (Math.abs(target - tiles.errorTarget) < 0.01) return;
    tiles.errorTarget = target;
    this.#stepped = now;
  }
}
