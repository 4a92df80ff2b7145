import { BufferGeometry, Float32BufferAttribute, Group, LineBasicMaterial, LineSegments, Vector3 } from "three";
import { rings } from "../data/places.js";
import type { Thing } from "../data/types.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import type { Palette } from "./palette.js";

const STEP_M = 20;
const ABOVE_M = 1.5;

/** Districts as a soft dashed border laid over the ground. */
export class Borders {
  readonly group = new Group();
  #things: readonly Thing[] = [];

  constructor(
    private readonly frame: Frame,
    private readonly ground: Ground,
    private readonly palette: Palette,
  ) {}

  set(things: readonly Thing[]): void {
    this.#things = things;
    this.stand();
  }

  /** Draw again on the ground as it is known now. */
  stand(): void {
    for (const child of this.group.children) (child as LineSegments).geometry.dispose();
    this.group.clear();
    const places: number[] = [];
    for (const thing of this.#things) {
      for (const ring of thing.feature.geometry ? rings(thing.feature.geometry) : []) {
        const points = ring.map(([lon, lat]) => this.frame.toLocal(lon, lat));
        for (let i = 0; i + 1 < points.length; i++) this.#dashes(points[i] as Vector3, points[i + 1] as Vector3, places);
      }
    }
    if (places.length === 0) return;
    const geometry = new BufferGeometry().setAttribute("position", new Float32BufferAttribute(places, 3));
    const lines = new LineSegments(
      geometry,
      new LineBasicMaterial({ color: this.palette.district, transparent: true, opacity: 0.75, depthWrite: false }),
    );
    lines.renderOrder = -5;
    lines.raycast = () => undefined;
    this.group.add(lines);
  }

  #dashes(from: Vector3, to: Vector3, places: number[]): void {
    const steps = Math.max(1, Math.ceil(from.distanceTo(to) / STEP_M));
    for (let i = 0; i < steps; i++) {
      for (const t of [i / steps, (i + 0.6) / steps]) {
        const x = from.x + (to.x - from.x) * t;
        const z = from.z + (to.z - from.z) * t;
        places.push(x, this.ground.at(x, z) + ABOVE_M, z);
      }
    }
  }
}
