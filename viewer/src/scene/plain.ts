import { BufferAttribute, BufferGeometry, Color, Mesh, ShaderMaterial, Vector2 } from "three";
import type { Ground } from "./ground.js";
import type { Hour } from "./hour.js";
import type { Palette } from "./palette.js";

/** Cells across the terrain and a little beyond it; and of those that reach from there to the horizon, each wider. */
const CELLS = 60;
const OUTER = 6;
const BEYOND = 0.2;
/** So often the height of a place without terrain becomes that of the places around it. */
const ROUNDS = 40;
/** Where there is no terrain at all, the plain lies this far below the level of the city, */
const BELOW_M = 12;
/** and is light so far around its middle, a part of how far it reaches. */
const LIGHT = 1 / 60;

/** What there is beyond the terrain: as high and as light as its border, and running out into the horizon. */
export class Plain {
  readonly mesh: Mesh;
  readonly #uniforms = { lit: { value: new Color() }, horizon: { value: new Color() }, middle: { value: new Vector2() }, reach: { value: 1 } };
  #laid = "";

  constructor(private readonly palette: Palette) {
    const side = CELLS + 2 * OUTER + 1;
    const index: number[] = [];
    for (let row = 0; row + 1 < side; row++)
      for (let column = 0; column + 1 < side; column++) {
        const at = row * side + column;
        index.push(at, at + side, at + 1, at + 1, at + side, at + side + 1);
      }
    const geometry = new BufferGeometry().setIndex(index).setAttribute("position", new BufferAttribute(new Float32Array(side * side * 3), 3));
    this.mesh = new Mesh(
      geometry,
      new ShaderMaterial({
        depthWrite: false,
        uniforms: this.#uniforms,
        vertexShader: `varying vec2 place;
          void main() { place = position.xz; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
        fragmentShader: `varying vec2 place; uniform vec3 lit; uniform vec3 horizon; uniform vec2 middle; uniform float reach;
          void main() {
            gl_FragColor = vec4(mix(lit, horizon, smoothstep(0.7, 4.0, distance(place, middle) / reach)), 1.0);
            #include <colorspace_fragment>
          }`,
      }),
    );
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = -20;
  }

  /** As light as level ground is in the light of this hour, the sun at this sine of its height; far off as the horizon. */
  shine(up: number, { sun, sunStrength, sky, skyStrength, horizon }: Hour): void {
    const { lit, horizon: far } = this.#uniforms;
    far.value.copy(horizon);
    lit.value.copy(this.palette.terrain);
    if (this.palette.flat) return;
    lit.value.multiply(sun.clone().multiplyScalar((sunStrength * up) / Math.PI).add(sky.clone().multiplyScalar(skyStrength / Math.PI)));
  }

  /** Lie around the terrain that is known by now, as far as `radius`; without any, below `level`. */
  lay(ground: Ground, level: number, radius: number): void {
    const laid = `${ground.changes} ${ground.empty ? level : 0} ${radius}`;
    if (laid === this.#laid) return;
    this.#laid = laid;
    const { west, east, north, south } = ground.extent ?? { west: -radius * LIGHT, east: radius * LIGHT, north: -radius * LIGHT, south: radius * LIGHT };
    const [xs, zs] = [axis(west, east, radius), axis(north, south, radius)];
    const heights = heightsOf(xs, zs, ground, level - BELOW_M);
    const position = this.mesh.geometry.getAttribute("position") as BufferAttribute;
    zs.forEach((z, row) => xs.forEach((x, column) => position.setXYZ(row * xs.length + column, x, heights[row * xs.length + column] as number, z)));
    position.needsUpdate = true;
    this.#uniforms.middle.value.set((west + east) / 2, (north + south) / 2);
    this.#uniforms.reach.value = Math.hypot(east - west, south - north) / 2;
  }
}

/** Where the cells' corners stand, from one horizon to the other. */
function axis(from: number, to: number, radius: number): number[] {
  const margin = (to - from) * BEYOND;
  const [first, last] = [from - margin, to + margin];
  const inner = Array.from({ length: CELLS + 1 }, (_, i) => first + ((last - first) * i) / CELLS);
  const outer = Array.from({ length: OUTER }, (_, i) => radius * 2 ** (i + 1 - OUTER));
  return [...outer.toReversed().map((far) => first - far), ...inner, ...outer.map((far) => last + far)];
}

/** The height of each corner: of the terrain where there is some, elsewhere between that of its border and the middle one. */
export function heightsOf(xs: readonly number[], zs: readonly number[], ground: Pick<Ground, "height">, otherwise: number): Float32Array {
  const known = zs.map((z) => xs.map((x) => ground.height(x, z)));
  const sure = known.flat().filter((each) => each !== null);
  const middle = sure.length > 0 ? sure.reduce((sum, each) => sum + each, 0) / sure.length : otherwise;
  const heights = Float32Array.from(known.flat(), (each) => each ?? middle);
  const side = xs.length;
  const open: number[] = [];
  for (let row = 1; row + 1 < zs.length; row++)
    for (let column = 1; column + 1 < side; column++) if (known[row]?.[column] === null) open.push(row * side + column);
  for (let round = 0; round < ROUNDS; round++)
    for (const at of open) heights[at] = ((heights[at - 1] as number) + (heights[at + 1] as number) + (heights[at - side] as number) + (heights[at + side] as number)) / 4;
  return heights;
}
