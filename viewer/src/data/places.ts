import type { Feature, Geometry, Ring } from "./types.js";

const EARTH_M_PER_DEGREE = 111_320;
const CORNERS = 48;

type Position = readonly [number, number, ...number[]];

/** All positions of a geometry, in its order. */
export function positions(geometry: Geometry): Position[] {
  switch (geometry.type) {
    case "Point":
      return [geometry.coordinates];
    case "MultiPoint":
    case "LineString":
      return geometry.coordinates;
    case "Polygon":
    case "MultiLineString":
      return geometry.coordinates.flat();
    case "MultiPolygon":
      return geometry.coordinates.flat(2);
    case "GeometryCollection":
      return geometry.geometries.flatMap(positions);
  }
}

/** The outer and inner rings of an area; lines come back as they are. */
export function rings(geometry: Geometry): Ring[] {
  switch (geometry.type) {
    case "Polygon":
    case "MultiLineString":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
    case "LineString":
      return [geometry.coordinates];
    default:
      return [];
  }
}

/** A circle around a place, as a closed line. */
export function circle({ lon, lat }: { lon: number; lat: number }, radius: number): Geometry {
  const [high, wide] = [radius / EARTH_M_PER_DEGREE, radius / (EARTH_M_PER_DEGREE * Math.cos((lat * Math.PI) / 180))];
  const turns = Array.from({ length: CORNERS + 1 }, (_, i) => (i / CORNERS) * 2 * Math.PI);
  return { type: "LineString", coordinates: turns.map((turn) => [lon + Math.cos(turn) * wide, lat + Math.sin(turn) * high]) };
}

/** Middle of the box around a feature, or null where it has no place. */
export function middle(feature: Feature): { lon: number; lat: number } | null {
  if (!feature.geometry) return null;
  const all = positions(feature.geometry);
  if (all.length === 0) return null;
  const lons = all.map((each) => each[0]);
  const lats = all.map((each) => each[1]);
  return { lon: (Math.min(...lons) + Math.max(...lons)) / 2, lat: (Math.min(...lats) + Math.max(...lats)) / 2 };
}

/** Metres between two places; flat-earth, good to a per mille within a city. */
export function distance(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const [x, y] = offset(a, b);
  return Math.hypot(x, y);
}

/** Compass bearing from `a` to `b`, degrees clockwise from north. */
export function bearing(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const [x, y] = offset(a, b);
  return ((Math.atan2(x, y) * 180) / Math.PI + 360) % 360;
}

function offset(a: { lon: number; lat: number }, b: { lon: number; lat: number }): [number, number] {
  const shrink = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return [(b.lon - a.lon) * EARTH_M_PER_DEGREE * shrink, (b.lat - a.lat) * EARTH_M_PER_DEGREE];
}

/** Whether a place lies in an area, by the even-odd rule over all rings. */
export function contains(geometry: Geometry | null, place: { lon: number; lat: number }): boolean {
  if (geometry?.type === "GeometryCollection") return geometry.geometries.some((each) => contains(each, place));
  if (!geometry || (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon")) return false;
  let inside = false;
  for (const ring of rings(geometry)) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i] as Position;
      const [xj, yj] = ring[j] as Position;
      if (yi > place.lat !== yj > place.lat && place.lon < ((xj - xi) * (place.lat - yi)) / (yj - yi) + xi) {
        inside = !inside;
      }
    }
  }
  return inside;
}
