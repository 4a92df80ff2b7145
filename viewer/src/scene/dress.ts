import type { BufferAttribute, InstancedMesh, Material, Object3D } from "three";
import { BufferAttribute as Attribute, BufferGeometry, Color, LineSegments, Mesh, Matrix4, Uint8BufferAttribute } from "three";
import { placeOf } from "../data/colouring.js";
import { dyed } from "../data/dyes.js";
import type { Dye } from "../data/dyes.js";
import type { Done } from "./chores.js";
import type { Faces } from "./edges.js";
import type { Ground } from "./ground.js";
import type { Guise } from "./guise.js";
import { Instead } from "./instead.js";
import type { Unseen } from "./instead.js";
import type { Look, Role } from "./materials.js";
import { formOfRole, orderOf } from "./materials.js";
import { WALL } from "./patches.js";
import { roofKind } from "./palette.js";
import { ribbon } from "./ribbon.js";
import { Slice } from "../slices.js";
import type { Spot } from "./spots.js";
import { tableOf } from "./table.js";
import type { Table } from "./table.js";
import type { Workshop } from "./workshop.js";

const PHASES = { coming: 0, running: 1, done: 2 } as const;
/** Not to be seen: another choice is drawn in its place, or nobody knows yet whether it holds. */
export const UNSEEN = 3;
/** Stands in the phase's place of a building that a class colours. */
const DYED = 9;

/** Metres from dash to dash: of what is still to come, and of districts, so that nobody takes their border for a road. */
const DASHES_M: Partial<Record<string, number>> = { border: 6, district: 30, timed: 120 };
/** Forms that show a phase. */
const PHASED = new Set(["site", "border", "timed"]);

/** Half the width of a line on the screen, in CSS pixels. */
const LINE_PX = 1.6;
/** A feature without a choice keeps its theme's colour. */
const NO_PLACE = 255;

/** How the layer of a tile is drawn; null for layers nobody knows. */
export type GuiseOf = (tile: object) => Guise | null;

/** Looks up the phase of a site or a warning by its feature id. */
export type PhaseOf = (id: string) => keyof typeof PHASES | undefined;

/** How the buildings of a tile are coloured; null where they are as built. */
export type DyeOf = (tile: object) => Dye | null;

/** Dresses tiles as they come: quiet materials by name, tone and foot by feature, thin edges. */
export class Dresser {
  /** For the plugin list of 3d-tiles-renderer. */
  readonly name = "CITY_TWIN_DRESSER";
  /** Meshes whose phases change while they are shown. */
  readonly #timed = new Set<Mesh>();
  /** Walls and roofs while they are shown, with their tiles: they may be coloured. */
  readonly #buildings = new Map<Mesh, object>();
  readonly #instead = new Instead();
  #dyeOf: DyeOf = () => null;

  constructor(
    private readonly look: Look,
    private readonly ground: Ground,
    private readonly groupMatrix: Matrix4,
    private phaseOf: PhaseOf,
    private readonly guiseOf: GuiseOf,
    private readonly workshop: Workshop,
  ) {}

  /** Called by 3d-tiles-renderer before a tile is shown; `scene` is already placed by the tile's transform. */
  async processTileModel(scene: Object3D, tile: object): Promise<void> {
    scene.updateMatrixWorld(true);
    const meshes: Mesh[] = [];
    scene.traverse((each) => {
      if ((each as Mesh).isMesh || (each as LineSegments).isLineSegments) meshes.push(each as Mesh);
    });
    const slice = new Slice();
    for (const mesh of meshes) {
      await slice.pause();
      await this.#dress(mesh, tile);
    }
    await this.ready(scene);
  }

  /** Waits until what a tile is drawn with is built; set by the scene. */
  ready: (scene: Object3D) => Promise<unknown> = () => Promise.resolve();

  /** Ask for the phases of all sites and warnings again. */
  setPhases(phaseOf: PhaseOf): void {
    this.phaseOf = phaseOf;
    for (const mesh of this.#timed) {
      const table = tableOf(mesh);
      if (table) tone(mesh, table, mesh.userData["role"] as Role, { phaseOf: this.phaseOf, guise: null, unseen: null, dye: null });
    }
  }

  /** Colour the buildings anew; those of tiles that come later, too. */
  setDye(dyeOf: DyeOf): void {
    this.#dyeOf = dyeOf;
    for (const [mesh, tile] of this.#buildings) {
      tone(mesh, tableOf(mesh), mesh.userData["role"] as Role, { phaseOf: this.phaseOf, guise: null, unseen: null, dye: dyeOf(tile) });
    }
  }

  forget(scene: Object3D): void {
    scene.traverse((each) => {
      this.#buildings.delete(each as Mesh);
      this.#timed.delete(each as Mesh);
      this.#instead.forget(each as Mesh);
    });
  }

  async #dress(mesh: Mesh, tile: object): Promise<void> {
    const table = tableOf(mesh);
    const guise = this.guiseOf(tile);
    const role = roleOf((mesh.material as Material).name, guise, !mesh.isMesh);
    const form = role && formOfRole(role);
    (mesh.material as Material).dispose();
    if (role === null || form === null) {
      mesh.removeFromParent();
      return;
    }
    mesh.material = this.look.material(role);
    mesh.renderOrder = orderOf(role);
    mesh.userData["role"] = role;
    mesh.castShadow = ["wall", "roof", "leaves", "needles", "trunk"].includes(role);
    mesh.receiveShadow = role !== "site";
    const way = form === "stroke" && guise?.fill?.startsWith("line-");
    const grown = (mesh as InstancedMesh).isInstancedMesh;
    if ((!mesh.isMesh && !way) || grown) mesh.raycast = () => undefined; // trees do not hide houses from a finger
    if (grown) shade(mesh as InstancedMesh, table);
    if (role === "terrain" && !mesh.geometry.getAttribute("normal")) mesh.geometry.computeVertexNormals();
    const done = await this.#order(mesh, role);
    if (done?.relief) this.ground.add(tile, done.relief);
    if (table) this.named(tile, table, done?.spots ?? []);
    const toned = role === "wall" || role === "roof" || form in DASHES_M || PHASED.has(form) || form === "area" || form === "line" || way;
    const by = (unseen: Unseen | null) => ({ phaseOf: this.phaseOf, guise, unseen, dye: this.#dyeOf(tile) });
    if (toned && table && guise?.instead) {
      this.#instead.add(mesh, table, guise.instead, (each, rows, unseen) => tone(each, rows, each.userData["role"] as Role, by(unseen)));
    } else if (toned) tone(mesh, table, role, by(null), done?.feet);
    if (way) mesh.add(this.#ribbon(mesh, role));
    if (PHASED.has(form)) this.#timed.add(mesh);
    if (role === "wall" || role === "roof") this.#buildings.set(mesh, tile);
    if (done?.edges) mesh.add(lines(mesh, done.edges, this.look, "edge"));
  }

  /** Told of the names that a tile's features have, and where they may be written; set by the scene. */
  named: (tile: object, table: Table, spots: readonly Spot[]) => void = () => undefined;

  /** Have worked out what a mesh of this role wants. */
  async #order(mesh: Mesh, role: Role): Promise<Done | null> {
    const built = role === "wall" || role === "roof";
    if (!built && role !== "terrain" && role !== "street") return null;
    return this.workshop.order({
      faces: facesOf(mesh.geometry),
      rows: rowsOf(mesh.geometry),
      matrix: new Matrix4().multiplyMatrices(this.groupMatrix, mesh.matrixWorld).toArray(),
      edges: role === "roof" ? "bends and rim" : built ? "bends" : null,
      feet: role === "wall",
      relief: role === "terrain",
      spots: role === "street" && mesh.isMesh,
    });
  }

  /** What is seen of a line; the line itself is what a finger hits. */
  #ribbon(mesh: Mesh, role: Role): Mesh {
    const shown = new Mesh(ribbon(mesh.geometry, LINE_PX), this.look.material(role.replace("stroke", "ribbon") as Role));
    shown.renderOrder = orderOf(role);
    shown.raycast = () => undefined;
    return shown;
  }
}

function roleOf(material: string, guise: Guise | null, line: boolean): Role | null {
  if (line) return guise?.stroke ?? null;
  switch (material) {
    case "wall":
    case "roof":
    case "terrain":
    case "leaves":
    case "needles":
    case "trunk":
      return material;
    case "line":
    case "area":
      return guise?.fill ?? null;
    default:
      return null; // floors lie in the ground; stations are columns, drawn by the viewer
  }
}

/** No two trees have quite the same green; each keeps its own on all levels. */
function shade(mesh: InstancedMesh, table: Table | null): void {
  const ids = mesh.geometry.getAttribute("_FEATURE_ID_0") as BufferAttribute | undefined;
  const tint = new Color();
  for (let i = 0; i < mesh.count; i++) {
    const row = ids ? ids.getX(i) : i;
    const variation = hash(String(table?.value("id", row) ?? row)) / 255;
    mesh.setColorAt(i, tint.setRGB(0.88 + 0.16 * variation, 0.92 + 0.12 * variation, 0.98 - 0.06 * variation));
  }
}

export interface By {
  phaseOf: PhaseOf;
  guise: Guise | null;
  unseen: Unseen | null;
  dye: Dye | null;
}

/** Write the `feature` attribute: kind (or place among the colours), variation, phase, height above the feature's foot. */
export function tone(mesh: Mesh, table: Table | null, role: Role, by: By, feet?: Uint8Array | null): void {
  const { phaseOf, guise, unseen, dye } = by;
  const form = formOfRole(role);
  const column = form === role ? null : (guise?.column ?? null);
  const place = (id: number) => (column && placeOf(column, table?.value(column.name, id))) ?? NO_PLACE;
  const phase = (name: string): number => {
    if (!PHASED.has(form)) return 0;
    const known = phaseOf(name);
    // A warning that is over warns nobody, and whether one holds that nobody knows is not known.
    if (form === "timed") return known && known !== "done" ? PHASES[known] : UNSEEN;
    return PHASES[known ?? "running"];
  };
  const { geometry } = mesh;
  const position = geometry.getAttribute("position") as BufferAttribute;
  const ids = geometry.getAttribute("_feature_id_0") as BufferAttribute | undefined;
  const rows = new Map<number, [number, number, number]>();
  const row = (id: number): [number, number, number] => {
    let known = rows.get(id);
    if (!known) {
      const name = String(table?.value("id", id) ?? id);
      const shade = dye && (role === "wall" || role === "roof") ? (dyed(dye, (column) => table?.value(column, id)) ?? NO_PLACE) : null;
      const own = role === "wall" ? WALL : role === "roof" ? roofKind(table?.value("roof_type", id) as string | null) : form === role ? 0 : place(id);
      known = [shade ?? own, hash(name), shade !== null ? DYED : unseen?.(id) ? UNSEEN : phase(name)];
      rows.set(id, known);
    }
    return known;
  };
  const old = geometry.getAttribute("feature") as BufferAttribute | undefined;
  const bytes = old ? (old.array as Uint8Array) : new Uint8Array(position.count * 4);
  for (let i = 0; i < position.count; i++) {
    const [kind, variation, phase] = row(ids ? ids.getX(i) : 0);
    bytes[i * 4] = kind;
    bytes[i * 4 + 1] = variation;
    bytes[i * 4 + 2] = phase;
    if (feet) bytes[i * 4 + 3] = feet[i] as number;
    else if (role === "roof") bytes[i * 4 + 3] = 255;
    else if (form in DASHES_M) bytes[i * 4 + 3] = DASHES_M[form] as number;
  }
  if (old) old.needsUpdate = true;
  else geometry.setAttribute("feature", new Uint8BufferAttribute(bytes, 4));
}

/** Corners and triangles as plain numbers, in the mesh's own units. */
function facesOf(geometry: BufferGeometry): Faces {
  const position = geometry.getAttribute("position") as BufferAttribute;
  const index = geometry.getIndex();
  const points = new Float32Array(position.count * 3);
  for (let i = 0; i < position.count; i++) {
    points[i * 3] = position.getX(i);
    points[i * 3 + 1] = position.getY(i);
    points[i * 3 + 2] = position.getZ(i);
  }
  return { points, index: index && Uint32Array.from(index.array), whole: !(position.array instanceof Float32Array) };
}

function rowsOf(geometry: BufferGeometry): Uint32Array | null {
  const ids = geometry.getAttribute("_feature_id_0") as BufferAttribute | undefined;
  return ids ? Uint32Array.from({ length: ids.count }, (_, i) => ids.getX(i)) : null;
}

/** A byte that is always the same for the same name, so that a house keeps its shade. */
export function hash(name: string): number {
  let value = 2_166_136_261;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 16_777_619);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d); // the last letters count as much as the first
  return (value >>> 16) & 255;
}

function lines(mesh: Mesh, index: Uint32Array, look: Look, role: Role): LineSegments {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", mesh.geometry.getAttribute("position"));
  geometry.setIndex(new Attribute(index, 1));
  geometry.boundingSphere = mesh.geometry.boundingSphere; // known from the file; else each corner is looked at again
  const result = new LineSegments(geometry, look.material(role));
  result.renderOrder = orderOf(role);
  result.raycast = () => undefined;
  result.visible = index.length > 0;
  return result;
}
