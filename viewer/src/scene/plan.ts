import { BufferGeometry, Float32BufferAttribute, LineBasicMaterial, LineSegments } from "three";
import { rings } from "../data/places.js";
import type { Geometry } from "../data/types.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import type { Palette } from "./palette.js";

/** Above the ground by this much, so that the ground does not swallow it. */
const LIFT_M = 0.3;

/** The floor plan of the chosen building, as a line on the ground that walls do not hide. */
export class Plan {
  readonly lines: LineSegments;
  #geometry: Geometry | null = null;

  constructor(
    private readonly frame: Frame,
    private readonly ground: Ground,
    palette: Palette,
  ) {
    this.lines = new LineSegments(new BufferGeometry(), new LineBasicMaterial({ color: palette.chosen, depthTest: false, transparent: true, opacity: 0.9 }));
    this.lines.renderOrder = 4;
    this.lines.frustumCulled = false;
    this.lines.visible = false;
    this.lines.raycast = () => undefined;
  }

  /** Lay this outline (degrees) on the ground; null takes it away. */
  lay(geometry: Geometry | null): void {
    this.#geometry = geometry;
    this.stand();
  }

  /** Put it on the ground as far as that is known. */
  stand(): void {
    const points: number[] = [];
    for (const ring of this.#geometry ? rings(this.#geometry) : []) {
      const corners = ring.map(([lon, lat]) => {
        const place = this.frame.toLocal(lon, lat, 0);
        return [place.x, this.ground.at(place.x, place.z) + LIFT_M, place.z];
      });
      corners.slice(1).forEach((corner, i) => points.push(...(corners[i] as number[]), ...corner));
    }
    this.lines.visible = points.length > 0;
    this.lines.geometry.setAttribute("position", new Float32BufferAttribute(points, 3));
  }
}
