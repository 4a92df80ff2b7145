import type { Object3D } from "three";
import { Sphere } from "three";
import type { TilesRenderer } from "3d-tiles-renderer/three";
import { dyesOf } from "../data/dyes.js";
import { formOf } from "../data/kinds.js";
import type { Layer } from "../data/types.js";
import { Dresser } from "./dress.js";
import type { PhaseOf } from "./dress.js";
import type { Eye } from "./camera.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import type { Guise } from "./guise.js";
import { guiseOf } from "./guise.js";
import { LayerSwitch } from "./layers.js";
import type { Look } from "./materials.js";
import { Memory } from "./memory.js";
import { Names } from "./names.js";
import type { Drawing } from "./drawing.js";
import { busy, fading, models, tilesAt } from "./tileset.js";
import { Workshop } from "./workshop.js";

/** Whom the model tells. */
export interface Told {
  /** Its root is known: how large it is. */
  onRoot: (sphere: Sphere) => void;
  /** A tile has come, or others are shown. */
  onModel: () => void;
  onFailed: (model: Model) => void;
  /** Others of its tiles are broken than before. */
  onBroken: () => void;
}

/** The city's tiles: fetched as the eye needs them, dressed as they come, kept as far as memory allows. */
export class Model {
  readonly tiles: TilesRenderer;
  readonly names = new Names();
  /** Something of it can be drawn. */
  first = false;
  failed = false;
  readonly #switch: LayerSwitch;
  readonly #dresser: Dresser;
  readonly #guises = new Map<string, Guise>();
  readonly #workshop = new Workshop();
  #layers: readonly Layer[] = [];
  #dyed = "";
  /** Tiles that could not be had, or made no sense. */
  readonly #broken = new Set<object>();
  readonly #memory: Memory;
  readonly #drawing: Drawing;

  constructor(
    address: string,
    options: { datetime: string | null },
    { frame, ground, look, drawing, eye }: { frame: Frame; ground: Ground; look: Look; drawing: Drawing; eye: Eye },
    told: Told,
  ) {
    this.#switch = new LayerSwitch(options.datetime);
    const guise = (tile: object) => this.#guises.get(this.#switch.layer(tile as never)) ?? null;
    this.#dresser = new Dresser(look, ground, frame.matrix, () => undefined, guise, this.#workshop);
    this.#dresser.ready = (scene) => drawing.programs.ready(scene);
    this.#dresser.named = (tile, table, spots) => this.names.add(tile, table, spots);
    const tiles = tilesAt(address, frame, this.#switch, this.#dresser, this.#workshop, look);
    this.tiles = tiles;
    this.#memory = new Memory(tiles, drawing);
    tiles.setCamera(eye.camera);
    for (const event of ["needs-update", "needs-render", "load-tileset", "tiles-load-end"]) tiles.addEventListener(event, () => drawing.ask());
    tiles.addEventListener("load-model", () => {
      this.first = true;
      told.onModel();
    });
    tiles.addEventListener("dispose-model", ({ scene, tile }: { scene: Object3D; tile: object }) => {
      this.#dresser.forget(scene);
      this.names.remove(tile);
      ground.remove(tile);
    });
    tiles.addEventListener("tile-visibility-change", () => drawing.shade());
    tiles.addEventListener("tiles-load-end", () => told.onModel());
    tiles.addEventListener("load-error", ({ tile }: { tile: object | null }) => {
      drawing.ask();
      if (tile !== null) {
        this.#broken.add(tile);
        told.onBroken();
        return;
      }
      this.first = true;
      this.failed = true;
      told.onFailed(this);
    });
    tiles.addEventListener("load-root-tileset", () => {
      const sphere = new Sphere();
      if (!ground.empty || !tiles.getBoundingSphere(sphere)) return;
      sphere.center.applyMatrix4(frame.matrix);
      told.onRoot(sphere);
    });
    this.#drawing = drawing;
  }

  /** How many of its tiles are missing that should be there. */
  get broken(): number {
    return this.#broken.size;
  }

  /** Stand in the scene from now on. */
  show(): void {
    this.#drawing.scene.add(this.tiles.group);
  }

  /** Fetch what the eye needs now. */
  update(): void {
    this.#memory.watch();
    this.tiles.update();
  }

  /** These layers there are; tiles of those not shown are not fetched. */
  setLayers(layers: readonly Layer[], shown: (layer: Layer) => boolean): void {
    this.#layers = layers;
    const wanted = layers.filter((each) => shown(each) && each.tileset);
    // Stations are columns of our own; their tiles are only fetched where there are no others to begin with.
    const drawn = wanted.filter((each) => formOf(each) !== "point");
    const fetched = new Set(drawn.length > 0 ? drawn : wanted);
    this.#switch.hidden = new Set(layers.filter((each) => !fetched.has(each)).map((each) => each.id));
    for (const each of layers) if (!this.#guises.has(each.id)) this.#guises.set(each.id, guiseOf(each));
    this.tiles.dispatchEvent({ type: "needs-update" });
  }

  /** Colour buildings by a column of theirs, where their layer has it; null is as they are built. */
  setDye(column: string | null): void {
    const dyes = new Map(this.#layers.map((layer) => [layer.id, dyesOf(layer).find((each) => each.column.name === column) ?? null]));
    const wanted = [...dyes].flatMap(([id, dye]) => (dye ? `${id} ${dye.column.name}` : [])).join();
    if (wanted === this.#dyed) return;
    this.#dyed = wanted;
    this.#dresser.setDye((tile) => dyes.get(this.#switch.layer(tile as never)) ?? null);
  }

  /** Join the phases of sites and warnings to the tiles. */
  setPhases(phaseOf: PhaseOf): void {
    this.#dresser.setPhases(phaseOf);
  }

  /** The first picture is complete: from now on finer and coarser tiles fade into each other. */
  fade(): void {
    fading(this.tiles);
  }

  /** Where one looks there is no tile at all, and none will come. */
  get bare(): boolean {
    return !this.busy && this.tiles.visibleTiles.size === 0;
  }

  get busy(): boolean {
    return busy(this.tiles);
  }

  /** Nothing of it is on its way. */
  get whole(): boolean {
    return this.failed || (this.first && !this.busy);
  }

  /** What is shown of it. */
  get models(): Object3D[] {
    return models(this.tiles);
  }

  /** The layer that an object of a tile belongs to. */
  readonly layerOf = (object: Object3D): string => this.#switch.layer(object.userData["tile"] as never);

  dispose(): void {
    this.tiles.group.removeFromParent();
    this.tiles.dispose();
    this.#memory.dispose();
    this.#workshop.dispose();
  }
}
