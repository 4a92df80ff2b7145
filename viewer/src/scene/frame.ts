import { Matrix4, Vector3 } from "three";
import { WGS84_ELLIPSOID } from "3d-tiles-renderer/three";

const RAD = Math.PI / 180;
/** East, north, up → three's x, y (up), z (south). */
const UPRIGHT = new Matrix4().makeRotationX(-Math.PI / 2);

/**
 * The local frame around a city's heart: metres, x east, y up, z south, origin at `height` metres above the
 * ellipsoid. Double precision until the very end; float32 never sees an earth-centred number.
 */
export class Frame {
  /** Earth-centred → local. */
  readonly matrix: Matrix4;
  readonly #inverse: Matrix4;

  constructor(
    readonly lon: number,
    readonly lat: number,
    readonly height: number,
  ) {
    const frame = WGS84_ELLIPSOID.getEastNorthUpFrame(lat * RAD, lon * RAD, height, new Matrix4());
    this.matrix = frame.invert().premultiply(UPRIGHT);
    this.#inverse = this.matrix.clone().invert();
  }

  /** Degrees and metres above the ellipsoid → local. */
  toLocal(lon: number, lat: number, height = this.height, target = new Vector3()): Vector3 {
    WGS84_ELLIPSOID.getCartographicToPosition(lat * RAD, lon * RAD, height, target);
    return target.applyMatrix4(this.matrix);
  }

  /** Local → degrees. */
  toLonLat(local: Vector3): { lon: number; lat: number } {
    const place = WGS84_ELLIPSOID.getPositionToCartographic(local.clone().applyMatrix4(this.#inverse), {});
    return { lon: place.lon / RAD, lat: place.lat / RAD };
  }
}
