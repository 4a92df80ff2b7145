import type { Material, Object3D } from "three";
import type { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { TilesRenderer } from "3d-tiles-renderer/three";
import { GLTFExtensionsPlugin, TilesFadePlugin } from "3d-tiles-renderer/three/plugins";
import type { Dresser } from "./dress.js";
import type { Frame } from "./frame.js";
import type { LayerSwitch } from "./layers.js";
import type { Look } from "./materials.js";
import type { Workshop } from "./workshop.js";

/** Pixels by which a tile may be off on the screen before a finer one is fetched. */
export const ERROR_PX = 12;
const FADE_MS = 220;

interface Tileset {
  asset?: { version?: string };
  extensionsRequired?: string[];
  root?: { implicitTiling?: object };
}

/**
 * The library warns at every tileset of version 1.1, since it does not know all of it. What ours use of 1.1, glTF as
 * content and metadata in it, it does know: those are read as 1.0. A tileset that asks for more keeps its warning.
 */
export function understood<T extends Tileset>(tileset: T): T {
  const plain = !tileset.extensionsRequired?.length && !tileset.root?.implicitTiling;
  return tileset.asset?.version === "1.1" && plain ? { ...tileset, asset: { ...tileset.asset, version: "1.0" } } : tileset;
}

/** For the plugin list of 3d-tiles-renderer. */
class Reader {
  readonly name = "CITY_TWIN_READER";

  fetchData(url: string, options: RequestInit): Promise<Response | Tileset> | null {
    const { pathname } = new URL(url, location.href);
    if (!pathname.endsWith(".json")) return null;
    // What names its revision never changes; the others may have since they were last asked for.
    const asked: RequestInit = /\/r\/\d+\//.test(pathname) ? options : { ...options, cache: "no-cache" };
    return fetch(url, asked).then(async (answer) => (answer.ok ? understood((await answer.json()) as Tileset) : answer));
  }
}

/** The tiles at an address, placed in the city's frame and dressed as they come; until `fading` they come at once. */
export function tilesAt(address: string, frame: Frame, layers: LayerSwitch, dresser: Dresser, workshop: Workshop, look: Look): TilesRenderer {
  const tiles = new TilesRenderer(address);
  tiles.fetchOptions = { credentials: "omit" };
  tiles.errorTarget = ERROR_PX;
  tiles.registerPlugin(new GLTFExtensionsPlugin({ meshoptDecoder: workshop.decoder as unknown as typeof MeshoptDecoder, autoDispose: false }));
  const fade = new TilesFadePlugin({ fadeDuration: 0 });
  // Before a material's program is built it is told how to fade; else it would be built again in mid-flight.
  look.prepare = (material) => (fade as unknown as Fading)._fadeMaterialManager.prepareMaterial(material);
  for (const plugin of [layers, dresser, new Reader(), fade]) tiles.registerPlugin(plugin);
  frame.matrix.decompose(tiles.group.position, tiles.group.quaternion, tiles.group.scale);
  tiles.group.updateMatrixWorld(true);
  return tiles;
}

/** What the library's fading does with a material; its types leave this out. */
interface Fading {
  _fadeMaterialManager: { prepareMaterial(material: Material): void };
}

/** From now on tiles fade into each other. */
export function fading(tiles: TilesRenderer): void {
  (tiles.getPluginByName("FADE_TILES_PLUGIN") as unknown as { fadeDuration: number }).fadeDuration = FADE_MS;
}

/** What the library tells about its work; its types leave this out. */
interface Work {
  isLoading: boolean;
  rootLoadingState: number;
  rootTileset: object | null;
  stats: { queued: number; downloading: number; parsing: number };
  processNodeQueue: { running: boolean };
}

/** Whether tiles are on their way to the detail wanted; true as long as there is no root. Ask after an update. */
export function busy(tiles: TilesRenderer): boolean {
  const work = tiles as unknown as Work;
  const { queued, downloading, parsing } = work.stats;
  return !work.rootTileset || work.isLoading || queued + downloading + parsing > 0 || work.processNodeQueue.running;
}

/** The models of the tiles that are shown. */
export function models(tiles: TilesRenderer | null): Object3D[] {
  return tiles ? [...tiles.group.children] : [];
}
