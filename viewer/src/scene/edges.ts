
/** Two faces that differ by less than this (about 25°) are one face to the eye. */
const SAME_FACE = 0.906;
/** A mesh with more triangles than this is drawn without edges: the phone has better things to do. */
export const MOST_TRIANGLES = 120_000;

type Point = [number, number, number];

/** Corners as (x, y, z) one after the other, and the triangles between them; without `index` each three corners are one. */
export interface Faces {
  points: Float32Array;
  index: Uint32Array | null;
  /** The numbers are whole (quantised): corners are the same where their numbers are. */
  whole: boolean;
}

/**
 * Edges where a mesh bends or ends, as an index into its own positions (two to a line).
 *
 * Vertices are told apart by position, because flat-shaded meshes repeat them. With `open` the rim of the
 * mesh counts as well.
 */
export function edgeIndex(faces: Faces, open: boolean): Uint32Array {
  const { points, index } = faces;
  const corners = points.length / 3;
  const count = index ? index.length : corners;
  if (count / 3 > MOST_TRIANGLES) return new Uint32Array();
  const same = canonical(faces);
  const edges = new Map<number, number>();
  const firsts: number[] = [];
  const normals: number[] = [];
  const states: number[] = []; // 1: one face; 2: a bend; 0: flat
  const corner = [0, 0, 0];
  for (let i = 0; i + 2 < count; i += 3) {
    for (let k = 0; k < 3; k++) corner[k] = index ? (index[i + k] as number) : i + k;
    const normal = faceNormal(points, corner as Point);
    if (!normal) continue;
    for (let k = 0; k < 3; k++) {
      const a = corner[k] as number;
      const b = corner[(k + 1) % 3] as number;
      const [low, high] = order(same[a] as number, same[b] as number);
      const key = low * corners + high;
      const known = edges.get(key);
      if (known === undefined) {
        edges.set(key, states.length);
        firsts.push(a, b);
        normals.push(...normal);
        states.push(1);
      } else if (states[known] !== 2) {
        const n = known * 3;
        const dot =
          (normals[n] as number) * normal[0] + (normals[n + 1] as number) * normal[1] + (normals[n + 2] as number) * normal[2];
        states[known] = dot < SAME_FACE ? 2 : 0;
      }
    }
  }
  const lines: number[] = [];
  states.forEach((state, i) => {
    if (state === 2 || (open && state === 1)) lines.push(firsts[i * 2] as number, firsts[i * 2 + 1] as number);
  });
  return Uint32Array.from(lines);
}

function canonical({ points, whole }: Faces): Uint32Array {
  const scale = whole ? 1 : 50;
  const part = (at: number) => (Math.round((points[at] as number) * scale) + 65_536) % 131_072;
  const known = new Map<number, number>();
  const same = new Uint32Array(points.length / 3);
  for (let i = 0; i < same.length; i++) {
    const key = (part(i * 3) * 131_072 + part(i * 3 + 1)) * 131_072 + part(i * 3 + 2);
    const first = known.get(key);
    if (first === undefined) known.set(key, i);
    same[i] = first ?? i;
  }
  return same;
}

function order(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}

function faceNormal(points: Float32Array, corners: Point): Point | null {
  const at = (corner: number) => [points[corner * 3], points[corner * 3 + 1], points[corner * 3 + 2]] as Point;
  const [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = corners.map(at) as [Point, Point, Point];
  const [ux, uy, uz] = [bx - ax, by - ay, bz - az];
  const [vx, vy, vz] = [cx - ax, cy - ay, cz - az];
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(x, y, z);
  return length > 0 ? [x / length, y / length, z / length] : null;
}
