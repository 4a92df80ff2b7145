/** A point in metres: east, up, south. */
export interface Point {
  x: number;
  y: number;
  z: number;
}

/** What several points tell, metres. */
export interface Measures {
  /** Along the ground, as on a map. */
  ground: number;
  /** Through the air, from point to point. */
  air: number;
  /** From the first to the last point: upwards is positive. */
  rise: number;
  /** Of the area that the points enclose on a map, square metres; null with less than three. */
  area: number | null;
  /** Around that area on a map; null with less than three. */
  around: number | null;
}

/** Measure a line of points, and the area that they enclose. */
export function measures(points: readonly Point[]): Measures {
  const flat = (a: Point, b: Point) => Math.hypot(b.x - a.x, b.z - a.z);
  const pairs = points.slice(1).map((to, i) => [points[i] as Point, to] as const);
  const sum = (values: number[]) => values.reduce((all, each) => all + each, 0);
  const ground = sum(pairs.map(([a, b]) => flat(a, b)));
  const air = sum(pairs.map(([a, b]) => Math.hypot(flat(a, b), b.y - a.y)));
  const [first, last] = [points[0], points.at(-1)];
  const rise = first && last ? last.y - first.y : 0;
  if (!first || !last || points.length < 3) return { ground, air, rise, area: null, around: null };
  const twice = sum([...pairs, [last, first] as const].map(([a, b]) => (a.x - first.x) * (b.z - first.z) - (b.x - first.x) * (a.z - first.z)));
  return { ground, air, rise, area: Math.abs(twice) / 2, around: ground + flat(last, first) };
}

/** Whether a line through points crosses itself on a map: then it encloses no area. */
export function crosses(points: readonly Point[]): boolean {
  const ring = points.length;
  const side = (a: Point, b: Point, c: Point) => Math.sign((b.x - a.x) * (c.z - a.z) - (b.z - a.z) * (c.x - a.x));
  for (let i = 0; i < ring; i++) {
    for (let k = i + 2; k < ring; k++) {
      if (i === 0 && k === ring - 1) continue;
      const [a, b, c, d] = [points[i], points[i + 1], points[k], points[(k + 1) % ring]] as [Point, Point, Point, Point];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}
