import { MathUtils } from "three";
import type { View } from "../state/address.js";
import type { SceneOptions } from "./options.js";

const NEAREST_M = 450;
const FURTHEST_M = 1500;
const M_PER_DEGREE = 111_320;

/** From where the city is looked at first, and how far off one may go. */
export class Home {
  readonly view: View;
  #reach: number;

  constructor({ centre: [lon, lat], bbox: [west, south, east, north] }: Pick<SceneOptions, "centre" | "bbox">) {
    const wide = (east - west) * M_PER_DEGREE * Math.cos(MathUtils.degToRad(lat));
    const high = (north - south) * M_PER_DEGREE;
    this.#reach = Math.hypot(wide, high);
    this.view = { lon, lat, range: MathUtils.clamp(Math.min(wide, high) * 0.62, NEAREST_M, FURTHEST_M), heading: 0, pitch: 45 };
  }

  /** Metres across all that there is to see. */
  get reach(): number {
    return this.#reach;
  }

  /** Metres that the eye may be away from what it looks at. */
  get furthest(): number {
    return Math.max(3000, this.#reach * 1.6);
  }

  /** The model, which may be smaller than the area the city names, has this radius, and the picture is so much wider than high. */
  fit(radius: number, aspect: number): void {
    this.#reach = Math.min(this.#reach, radius * 2);
    const narrow = Math.max(1, 1.1 / aspect); // an upright phone stands further back
    this.view.range = MathUtils.clamp(this.#reach * 0.5 * narrow, NEAREST_M, FURTHEST_M * narrow);
  }

  /** Whether somebody looks from here. A link may name the range of home by chance, but hardly its place as well. */
  is({ lon, lat, range }: View): boolean {
    const near = Math.abs(lon - this.view.lon) + Math.abs(lat - this.view.lat) < 1e-4;
    return near && Math.abs(range - this.view.range) < 1;
  }
}
