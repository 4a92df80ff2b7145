import type { BufferAttribute, BufferGeometry } from "three";

/** Two faces that differ by less than this (about 25°) are one face to the eye. */
const SAME_FACE = 0.906;
/** A mesh with more triangles than this is drawn without edges: the phone has better things to do. */
export const MOST_TRIANGLES = 120_000;

/**
 * Edges where a mesh bends or ends, as an index into its own positions (two to a line).
 *
 * Vertices are told apart by position, because flat-shaded meshes repeat them. With `open` the rim of the
 * mesh counts as well.
 */
export function edgeIndex(geometry: BufferGeometry, open: boolean): Uint32Array {
  const position = geometry.getAttribute("position") as BufferAttribute;
  const index = geometry.getIndex();
  const count = index ? index.count : position.count;
  if (count / 3 > MOST_TRIANGLES) return new Uint32Array();
  const same = canonical(position);
  const edges = new Map<number, number>();
  const firsts: number[] = [];
  const normals: number[] = [];
  const states: number[] = []; // 1: one face; 2: a bend; 0: flat
  const corner = [0, 0, 0];
  for (let i = 0; i + 2 < count; i += 3) {
    for (let k = 0; k < 3; k++) corner[k] = index ? index.getX(i + k) : i + k;
    const normal = faceNormal(position, corner as [number, number, number]);
    if (!normal) continue;
    for (let k = 0; k < 3; k++) {
      const a = corner[k] as number;
      const b = corner[(k + 1) % 3] as number;
      const [low, high] = order(same[a] as number, same[b] as number);
      const key = low * position.count + high;
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

function canonical(position: BufferAttribute): Uint32Array {
  const whole = !(position.array instanceof Float32Array);
  const known = new Map<number, number>();
  const same = new Uint32Array(position.count);
  for (let i = 0; i < position.count; i++) {
    const scale = whole ? 1 : 50;
    const part = (value: number) => (Math.round(value * scale) + 65_536) % 131_072;
    const key = (part(position.getX(i)) * 131_072 + part(position.getY(i))) * 131_072 + part(position.getZ(i));
    const first = known.get(key);
    if (first === undefined) known.set(key, i);
    same[i] = first ?? i;
  }
  return same;
}

function order(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}

function faceNormal(position: BufferAttribute, [a, b, c]: [number, number, number]): [number, number, number] | null {
  const [ax, ay, az] = [position.getX(a), position.getY(a), position.getZ(a)];
  const [ux, uy, uz] = [position.getX(b) - ax, position.getY(b) - ay, position.getZ(b) - az];
  const [vx, vy, vz] = [position.getX(c) - ax, position.getY(c) - ay, position.getZ(c) - az];
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(x, y, z);
  return length > 0 ? [x / length, y / length, z / length] : null;
}
