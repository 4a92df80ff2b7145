import type { Mesh } from "three";
import { Ray, Raycaster, Sphere, Vector3 } from "three";
import type { Intersection } from "three";
import type { Moment } from "../data/daylight.js";

const RAD = Math.PI / 180;
/** Nothing throws a shadow from further away, metres. */
export const FURTHEST_M = 4000;
/** Work at a stretch, milliseconds: a single mesh may take a little longer. */
const AT_ONCE_MS = 25;

/** The direction to the sun in the local frame. */
export function towards({ azimuth, altitude }: { azimuth: number; altitude: number }): Vector3 {
  const flat = Math.cos(altitude * RAD);
  return new Vector3(Math.sin(azimuth * RAD) * flat, Math.sin(altitude * RAD), -Math.cos(azimuth * RAD) * flat);
}

/**
 * At which moments the sun shines on a point, by rays against meshes; in slices, with pauses. Null if `wanted` says
 * meanwhile that nobody wants to know any more.
 */
export async function shining(point: Vector3, moments: readonly Moment[], meshes: readonly Mesh[], wanted: () => boolean): Promise<Map<Moment, boolean> | null> {
  const solids = nearby(point, meshes);
  const raycaster = new Raycaster(new Vector3(), new Vector3(), 0, FURTHEST_M);
  const found = new Map<Moment, boolean>();
  let begun = performance.now();
  // What shaded a moment ago most likely still does.
  let last: Mesh | null = null;
  for (const moment of moments) {
    raycaster.set(point, towards(moment));
    const order: Mesh[] = last ? [last, ...solids.filter((each) => each.mesh !== last).map((each) => each.mesh)] : solids.map((each) => each.mesh);
    let shaded: Mesh | null = null;
    for (const mesh of order) {
      if (performance.now() - begun > AT_ONCE_MS) {
        await new Promise((go) => setTimeout(go));
        if (!wanted()) return null;
        begun = performance.now();
      }
      if (hits(raycaster, mesh, solids)) {
        shaded = mesh;
        break;
      }
    }
    found.set(moment, shaded === null);
    last = shaded;
  }
  return found;
}

interface Solid {
  mesh: Mesh;
  sphere: Sphere;
}

/** The meshes that may throw a shadow here, the nearest first. */
function nearby(point: Vector3, meshes: readonly Mesh[]): Solid[] {
  const all = meshes.map((mesh) => {
    if (!mesh.geometry.boundingSphere) mesh.geometry.computeBoundingSphere();
    return { mesh, sphere: (mesh.geometry.boundingSphere as Sphere).clone().applyMatrix4(mesh.matrixWorld) };
  });
  const far = ({ sphere }: Solid) => sphere.center.distanceTo(point) - sphere.radius;
  return all.filter((each) => far(each) < FURTHEST_M).sort((a, b) => far(a) - far(b));
}

const hit: Intersection[] = [];

function hits(raycaster: Raycaster, mesh: Mesh, solids: readonly Solid[]): boolean {
  const sphere = solids.find((each) => each.mesh === mesh)?.sphere;
  if (sphere && !new Ray().copy(raycaster.ray).intersectsSphere(sphere)) return false;
  hit.length = 0;
  mesh.raycast(raycaster, hit);
  return hit.length > 0;
}
