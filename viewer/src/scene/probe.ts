import type { Camera, Intersection, Mesh, Object3D } from "three";
import { Raycaster, Vector2, Vector3 } from "three";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import { tableOf } from "./table.js";
import type { Value } from "./table.js";

const HIGH_M = 3000;
/** What a finger touches and what throws a shadow: not what is only laid on the ground. */
const SOLID = new Set(["wall", "roof", "terrain"]);
const raycaster = new Raycaster();
const DOWN = new Vector3(0, -1, 0);

/** A point of a surface in the scene. */
export interface Surface {
  /** In the local frame. */
  point: Vector3;
  /** `roof`, `wall` or `terrain`. */
  role: string;
  /** Metres above the ground below it. */
  above: number;
}

/** Answers questions about what the loaded tiles show: where surfaces lie, how high, what is called what. */
export class Probe {
  constructor(
    private readonly camera: Camera,
    private readonly size: Vector2,
    private readonly frame: Frame,
    private readonly ground: Ground,
    private readonly model: () => { models: Object3D[]; busy: boolean; layerOf: (object: Object3D) => string } | null,
  ) {}

  /** What is seen at a point of the canvas (CSS pixels); null where that is the sky. */
  at(x: number, y: number): Surface | null {
    raycaster.setFromCamera(new Vector2((x / this.size.x) * 2 - 1, 1 - (y / this.size.y) * 2), this.camera);
    return this.#hit();
  }

  /** The uppermost surface at a place; null where none is loaded. */
  top({ lon, lat }: { lon: number; lat: number }): Surface | null {
    const from = this.frame.toLocal(lon, lat);
    raycaster.set(from.setY(from.y + HIGH_M), DOWN);
    return this.#hit();
  }

  /** A place on the ground, as far as that is known. */
  stand({ lon, lat }: { lon: number; lat: number }): Vector3 {
    const place = this.frame.toLocal(lon, lat);
    return place.setY(this.ground.at(place.x, place.z));
  }

  /** Whether tiles are still on their way. */
  get loading(): boolean {
    return this.model()?.busy ?? false;
  }

  /** The meshes that throw a shadow. */
  solids(): Mesh[] {
    const found: Mesh[] = [];
    for (const model of this.model()?.models ?? []) model.traverse((each) => SOLID.has(each.userData["role"] as string) && found.push(each as Mesh));
    return found;
  }

  /** Features of the loaded tiles whose id is this or begins so, whatever the case. */
  featuresCalled(id: string, most: number): { layer: string; row: Record<string, Value>; lon: number; lat: number }[] {
    const asked = id.toLowerCase();
    const found = new Map<string, { exact: boolean; layer: string; row: Record<string, Value>; lon: number; lat: number }>();
    for (const mesh of this.solids()) {
      const table = tableOf(mesh);
      for (let row = 0; table && row < table.count; row++) {
        const names = [table.value("source_id", row), table.value("id", row)].map((each) => String(each ?? "").toLowerCase());
        if (!names.some((each) => each.startsWith(asked))) continue;
        const name = names[1] as string;
        const place = found.has(name) ? null : middleOf(mesh, row);
        if (!place) continue;
        found.set(name, { exact: names.includes(asked), layer: this.model()?.layerOf(mesh) ?? "", row: table.row(row), ...this.frame.toLonLat(place) });
      }
    }
    return [...found.values()].sort((a, b) => Number(b.exact) - Number(a.exact)).slice(0, most);
  }

  #hit(): Surface | null {
    const hits: Intersection[] = [];
    raycaster.params.Line.threshold = 0;
    for (const mesh of this.solids()) mesh.raycast(raycaster, hits);
    let first: Intersection | null = null;
    for (const hit of hits) if (!first || hit.distance < first.distance) first = hit;
    if (!first) return null;
    const { point } = first;
    const height = this.ground.height(point.x, point.z);
    const role = first.object.userData["role"] as string;
    return { point, role, above: role === "terrain" || height === null ? 0 : Math.max(0, point.y - height) };
  }
}

/** The middle of the box around a feature's corners in one mesh; null where it has none there. */
function middleOf(mesh: Mesh, row: number): Vector3 | null {
  const ids = mesh.geometry.getAttribute("_feature_id_0");
  const position = mesh.geometry.getAttribute("position");
  const [low, high, point] = [new Vector3(Infinity, Infinity, Infinity), new Vector3(-Infinity, -Infinity, -Infinity), new Vector3()];
  for (let i = 0; ids && i < position.count; i++) {
    if (ids.getX(i) !== row) continue;
    point.fromBufferAttribute(position, i).applyMatrix4(mesh.matrixWorld);
    low.min(point);
    high.max(point);
  }
  return low.x > high.x ? null : low.add(high).multiplyScalar(0.5);
}
