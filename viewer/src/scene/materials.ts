import type { IUniform, Material } from "three";
import { DoubleSide, FrontSide, LineBasicMaterial, MeshBasicMaterial, MeshLambertMaterial, Vector2 } from "three";
import type { Theme } from "../data/types.js";
import type { Palette } from "./palette.js";
import { SHADES } from "./palette.js";
import { PATCHES, PROGRAMS } from "./patches.js";

/** What a mesh of a tile is, by its glb material's name and its property table's class. */
export type Role = Plain | `${Form}-${Theme}`;

export type Plain = "wall" | "roof" | "terrain" | "green" | "water" | "street" | "street-line" | "site" | "edge" | "border" | "district" | Grown;

/** Data of a theme: lines as ribbons, borders (`timed` ones vanish with their end), and areas; how wide a line is on the screen says `ribbon`. */
export type Form = "line" | "ribbon" | "stroke" | "timed" | "area";

/** A role without its theme: those share programs and their order. */
export function formOfRole(role: Role): Plain | Form {
  return /^(line|ribbon|stroke|timed|area)-/.exec(role)?.[1] as Form | undefined ?? (role as Plain);
}

/** Edges fade between these distances; the strong ones of high contrast reach over the first view, and end earlier: a far house would be black. */
const EDGES_M = [500, 2600] as const;
const STRONG_EDGES_M = [700, 2200] as const;

/** Parts of a tree, drawn as instances. */
export type Grown = "leaves" | "needles" | "trunk";

/**
 * Uniforms shared by all materials: the night comes by changing the numbers, not by building again.
 * `feature` (four bytes a vertex) says: kind (a roof's, `WALL`, or a place among the colours), variation, phase,
 * height above the foot in quarter metres.
 */
export class Look {
  readonly uniforms: Record<string, IUniform>;

  constructor(readonly palette: Palette) {
    this.uniforms = {
      wallColor: { value: palette.wall.clone() },
      roofColors: { value: palette.roofs.map((each) => each.clone()) },
      siteColor: { value: palette.site.clone() },
      shadeColors: { value: SHADES.map((each) => each.clone()) },
      rampColors: { value: palette.ramp.map((each) => each.clone()) },
      veil: { value: palette.veil },
      picture: { value: new Vector2(1, 1) },
      doneColor: { value: palette.siteDone.clone() },
      footShade: { value: palette.flat ? 0 : 0.3 },
      edgeColor: { value: palette.edge.clone() },
      edgeStrength: { value: palette.edgeStrength },
      edgeRange: { value: new Vector2(...EDGES_M) },
    };
  }

  /** A new material of a role. Each mesh has its own, because tiles fade one by one. */
  material(role: Role): Material {
    const form = formOfRole(role);
    const material = this.#base(role, form);
    material.onBeforeCompile = (shader) => {
      Object.assign(shader.uniforms, this.uniforms);
      PATCHES[form]?.(shader);
    };
    // The fade plugin wraps onBeforeCompile with one and the same function; the key tells our programs apart.
    // Forms drawn alike share one program: each costs a quarter of a second on a weak machine.
    const program = PROGRAMS[form] ?? form;
    material.customProgramCacheKey = () => `city-${program}`;
    this.prepare(material);
    return material;
  }

  /** The eye stands so many times further off than it seems: edges fade by how far off they seem. */
  stretch(times: number): void {
    const [from, to] = this.palette.flat ? STRONG_EDGES_M : EDGES_M;
    (this.uniforms["edgeRange"]?.value as Vector2).set(from * times, to * times);
  }

  /** Told of each new material before its program is built; set by who lets tiles fade. */
  prepare: (material: Material) => void = () => undefined;

  #base(role: Role, form: Plain | Form): Material {
    const { palette } = this;
    const theme = palette.themes[role.slice(form.length + 1) as Theme];
    // In high contrast nothing is shaded: outlines tell the faces apart.
    const Surface = palette.flat ? MeshBasicMaterial : MeshLambertMaterial;
    switch (form) {
      case "wall":
      case "roof":
        return palette.flat ? new MeshBasicMaterial({ side: DoubleSide }) : new MeshLambertMaterial({ flatShading: true, side: DoubleSide });
      case "terrain":
        return new Surface({ color: palette.terrain, side: FrontSide });
      case "green":
        return new Surface({ color: palette.green, ...DRAPED });
      case "water":
        return new Surface({ color: palette.water, ...DRAPED });
      case "street":
        return new Surface({ color: palette.street, ...DRAPED });
      case "site":
        return new Surface({ color: palette.site, transparent: true, ...DRAPED });
      case "leaves":
      case "needles":
      case "trunk":
        return new Surface({ color: palette[form], side: FrontSide });
      case "street-line":
        return new LineBasicMaterial({ color: palette.street, depthWrite: false });
      case "area":
        return new Surface({ color: theme, transparent: true, ...DRAPED });
      case "line":
        return new Surface({ color: theme, transparent: true, opacity: 0.85, ...DRAPED });
      case "ribbon":
        return new MeshBasicMaterial({ color: theme, transparent: true, opacity: 0.85, ...DRAPED });
      case "stroke":
      case "timed":
        return new LineBasicMaterial({ color: theme, transparent: true, depthWrite: false, opacity: 0.7 });
      case "edge":
        return new LineBasicMaterial({ transparent: true, depthWrite: false });
      case "district":
        return new LineBasicMaterial({ color: palette.district, transparent: true, depthWrite: false, opacity: 0.8 });
      case "border":
        return new LineBasicMaterial({ color: palette.site, transparent: true, depthWrite: false, opacity: 0.9 });
    }
  }
}

/** Draped things are drawn after the ground and before the buildings, and leave no depth. */
const DRAPED = { depthWrite: false, side: DoubleSide, forceSinglePass: true } as const;

/** When the roles are drawn. */
const ORDER: Record<Plain | Form, number> = {
  terrain: -11,
  green: -10,
  water: -9,
  street: -8,
  "street-line": -8,
  area: -7.5,
  stroke: -7.2,
  timed: -7.2,
  line: -7,
  ribbon: -7,
  site: -6,
  border: -5,
  district: -5,
  wall: 0,
  roof: 0,
  trunk: 0,
  leaves: 0,
  needles: 0,
  edge: 1,
};

/** When a role is drawn. */
export function orderOf(role: Role): number {
  return ORDER[formOfRole(role)];
}
