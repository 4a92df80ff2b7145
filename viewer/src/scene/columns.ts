import type { Raycaster } from "three";
import { Color, CylinderGeometry, InstancedMesh, MeshLambertMaterial, Object3D, Vector3 } from "three";
import type { Thing } from "../data/types.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import type { Palette } from "./palette.js";

export const COLUMN_M = 18;
/** As thin as this near by, and never thinner than this part of the distance. */
const RADIUS_M = 0.9;
const THINNEST = 0.0028;

/** Any number of stations without a shape of their own: equal columns in their theme's colour, drawn at once. */
export class Columns {
  readonly group = new Object3D();
  #mesh: InstancedMesh | null = null;
  #things: readonly Thing[] = [];
  #feet = new Float32Array();
  #places = new Map<string, number>();
  #chosen: string | null = null;
  readonly #shaft = new CylinderGeometry(1, 1, 1, 10).translate(0, 0.5, 0);
  readonly #dummy = new Object3D();

  constructor(
    private readonly frame: Frame,
    private readonly ground: Ground,
    private readonly palette: Palette,
  ) {}

  set(things: readonly Thing[]): void {
    this.#things = things;
    this.#places = new Map(things.map((each, i) => [each.key, i]));
    this.#feet = new Float32Array(things.length * 3);
    this.group.clear();
    (this.#mesh?.material as MeshLambertMaterial | undefined)?.dispose();
    this.#mesh?.dispose();
    this.#mesh = null;
    if (things.length === 0) return;
    this.#mesh = new InstancedMesh(this.#shaft, new MeshLambertMaterial(), things.length);
    this.#mesh.frustumCulled = false;
    this.group.add(this.#mesh);
    this.#paint();
  }

  choose(key: string | null): void {
    this.#chosen = key;
    this.#paint();
  }

  /** Put all on the ground, as far as it is known. */
  stand(): void {
    const { position } = this.#dummy;
    this.#things.forEach((thing, i) => {
      this.frame.toLocal(thing.lon, thing.lat, this.frame.height, position);
      position.y = this.ground.at(position.x, position.z);
      position.toArray(this.#feet, i * 3);
    });
  }

  /** Never thinner than a few pixels: widths follow the distance. */
  face(distance: (place: Vector3) => number): void {
    if (!this.#mesh) return;
    const dummy = this.#dummy;
    for (let i = 0; i < this.#things.length; i++) {
      dummy.position.fromArray(this.#feet, i * 3);
      const wide = Math.max(RADIUS_M, distance(dummy.position) * THINNEST);
      dummy.scale.set(wide, COLUMN_M, wide);
      dummy.updateMatrix();
      this.#mesh.setMatrixAt(i, dummy.matrix);
    }
    this.#mesh.instanceMatrix.needsUpdate = true;
    this.#mesh.boundingSphere = null;
  }

  /** The top of a thing's column in the local frame, or null where it has none. */
  head(thing: Thing): Vector3 | null {
    const place = this.#places.get(thing.key);
    if (place === undefined) return null;
    const foot = new Vector3().fromArray(this.#feet, place * 3);
    return foot.setY(foot.y + COLUMN_M);
  }

  pick(raycaster: Raycaster): { thing: Thing; distance: number } | null {
    const hit = this.#mesh && raycaster.intersectObject(this.#mesh, false)[0];
    const thing = hit?.instanceId === undefined ? undefined : this.#things[hit.instanceId];
    return hit && thing ? { thing, distance: hit.distance } : null;
  }

  #paint(): void {
    const colour = new Color();
    this.#things.forEach(({ key, layer }, i) => {
      this.#mesh?.setColorAt(i, colour.copy(key === this.#chosen ? this.palette.chosen : this.palette.themes[layer.theme]));
    });
    if (this.#mesh?.instanceColor) this.#mesh.instanceColor.needsUpdate = true;
  }
}
