/** Where a name may be written along something long: metres in the city's frame. */
export interface Spot {
  /** Row of the property table. */
  row: number;
  x: number;
  y: number;
  z: number;
  /** Direction along it, of length 1 (x east, z south). */
  alongX: number;
  alongZ: number;
  length: number;
}

/** A street bends: its direction is that of what lies within this many metres of the spot. */
const NEAR_M = 45;
const MOST_CORNERS = 4_000;

/** The middle of each feature, on it, with its direction there and how long it is. */
export function spotsOf(points: Float32Array, rows: Uint32Array, matrix: readonly number[]): Spot[] {
  const features = new Map<number, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const corners = features.get(row);
    if (!corners) features.set(row, [i]);
    else if (corners.length < MOST_CORNERS) corners.push(i);
  }
  const place = (corner: number, axis: number) =>
    (matrix[axis] as number) * (points[corner * 3] as number) +
    (matrix[axis + 4] as number) * (points[corner * 3 + 1] as number) +
    (matrix[axis + 8] as number) * (points[corner * 3 + 2] as number) +
    (matrix[axis + 12] as number);
  return [...features].flatMap(([row, corners]) => {
    const places = corners.map((each) => [place(each, 0), place(each, 1), place(each, 2)] as const);
    const whole = axisOf(places);
    const [x, y, z] = places.reduce((best, each) => (far(each, whole) < far(best, whole) ? each : best));
    const near = places.filter((each) => Math.hypot(each[0] - x, each[2] - z) < NEAR_M);
    const here = axisOf(near.length > 3 ? near : places);
    // Across the street the middle of what is near; along it the corner itself.
    const across = (here.x - x) * -here.alongZ + (here.z - z) * here.alongX;
    return [{ row, x: x - here.alongZ * across, y, z: z + here.alongX * across, alongX: here.alongX, alongZ: here.alongZ, length: whole.length }];
  });
}

interface Axis {
  x: number;
  z: number;
  alongX: number;
  alongZ: number;
  length: number;
}

function far(place: readonly [number, number, number], axis: Axis): number {
  return Math.hypot(place[0] - axis.x, place[2] - axis.z);
}

/** Middle and principal axis of places seen from above. */
function axisOf(places: readonly (readonly [number, number, number])[]): Axis {
  const x = places.reduce((sum, each) => sum + each[0], 0) / places.length;
  const z = places.reduce((sum, each) => sum + each[2], 0) / places.length;
  let [xx, xz, zz] = [0, 0, 0];
  for (const each of places) {
    const [dx, dz] = [each[0] - x, each[2] - z];
    xx += dx * dx;
    xz += dx * dz;
    zz += dz * dz;
  }
  const angle = 0.5 * Math.atan2(2 * xz, xx - zz);
  const [alongX, alongZ] = [Math.cos(angle), Math.sin(angle)];
  let [least, most] = [Infinity, -Infinity];
  for (const each of places) {
    const t = (each[0] - x) * alongX + (each[2] - z) * alongZ;
    least = Math.min(least, t);
    most = Math.max(most, t);
  }
  return { x, z, alongX, alongZ, length: most - least };
}
