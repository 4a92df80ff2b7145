import type { IUniform, Material, WebGLProgramParametersWithUniforms } from "three";
import { DoubleSide, FrontSide, LineBasicMaterial, MeshBasicMaterial, MeshLambertMaterial, Vector2 } from "three";
import type { Theme } from "../data/types.js";
import type { Palette } from "./palette.js";
import { SHADES } from "./palette.js";

/** What a mesh of a tile is, by its glb material's name and its property table's class. */
export type Role = Plain | `${Form}-${Theme}`;

type Plain = "wall" | "roof" | "terrain" | "green" | "water" | "street" | "street-line" | "site" | "edge" | "border" | "district" | Grown;

/** Data of a theme: lines as ribbons, borders (`timed` ones vanish with their end), and areas; how wide a line is on the screen says `ribbon`. */
type Form = "line" | "ribbon" | "stroke" | "timed" | "area";

/** A role without its theme: those share programs and their order. */
export function formOfRole(role: Role): Plain | Form {
  return /^(line|ribbon|stroke|timed|area)-/.exec(role)?.[1] as Form | undefined ?? (role as Plain);
}

/** Parts of a tree, drawn as instances. */
export type Grown = "leaves" | "needles" | "trunk";

/**
 * Uniforms shared by all materials: the night comes by changing the numbers, not by building again.
 * `feature` (four bytes a vertex) says: kind, variation, phase, height above the foot in quarter metres.
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
      edgeColor: { value: palette.edge.clone() },
      edgeStrength: { value: palette.edgeStrength },
      edgeRange: { value: new Vector2(500, 2600) },
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
    material.customProgramCacheKey = () => `city-${form}`;
    return material;
  }

  #base(role: Role, form: Plain | Form): Material {
    const { palette } = this;
    const theme = palette.themes[role.slice(form.length + 1) as Theme];
    switch (form) {
      case "wall":
      case "roof":
        return new MeshLambertMaterial({ flatShading: true, side: DoubleSide });
      case "terrain":
        return new MeshLambertMaterial({ color: palette.terrain, side: FrontSide });
      case "green":
        return new MeshLambertMaterial({ color: palette.green, ...DRAPED });
      case "water":
        return new MeshLambertMaterial({ color: palette.water, ...DRAPED });
      case "street":
        return new MeshLambertMaterial({ color: palette.street, ...DRAPED });
      case "site":
        return new MeshLambertMaterial({ color: palette.site, transparent: true, ...DRAPED });
      case "leaves":
      case "needles":
      case "trunk":
        return new MeshLambertMaterial({ color: palette[form], side: FrontSide });
      case "street-line":
        return new LineBasicMaterial({ color: palette.street, depthWrite: false });
      case "area":
        return new MeshLambertMaterial({ color: theme, transparent: true, ...DRAPED });
      case "line":
        return new MeshLambertMaterial({ color: theme, transparent: true, opacity: 0.85, ...DRAPED });
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
const DRAPED = { depthWrite: false, side: DoubleSide } as const;

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

type Patch = (shader: WebGLProgramParametersWithUniforms) => void;

const DECLARE = "attribute vec4 feature;\nvarying vec4 vFeature;\nvarying vec3 vPlace;\n";
const PASS = "vFeature = feature;\nvPlace = (modelMatrix * vec4(transformed, 1.0)).xyz;\n";

function vertex(shader: WebGLProgramParametersWithUniforms, extra = ""): void {
  shader.vertexShader = DECLARE + shader.vertexShader.replace("#include <project_vertex>", `#include <project_vertex>\n${PASS}${extra}`);
}

function colour(shader: WebGLProgramParametersWithUniforms, declare: string, code: string): void {
  shader.fragmentShader =
    `varying vec4 vFeature;\nvarying vec3 vPlace;\n${declare}\n` +
    shader.fragmentShader.replace("#include <color_fragment>", `#include <color_fragment>\n${code}`);
}

/**
 * Towards the eye, in depth only: a coarse ground far away may lie metres above what is draped on the true
 * one. Buildings come later and cover it all the same.
 */
const LIFT = `
  float nearer = 1.0 - min(0.5, 2.0 / max(1.0, length(mvPosition.xyz)) + 0.008);
  vec4 lifted = projectionMatrix * vec4(mvPosition.xyz * nearer, 1.0);
  gl_Position.z = lifted.z / lifted.w * gl_Position.w;
`;

const lift: Patch = (shader) => {
  shader.vertexShader = shader.vertexShader.replace("#include <project_vertex>", `#include <project_vertex>\n${LIFT}`);
};

/**
 * The colour of a feature's choice: its place by eight; the second eight are striped. From 128 on: a step of the ramp.
 * 255: the theme's colour. Phase 3: another choice is drawn in its place.
 */
const SHADE = `
  if (vFeature.z > 2.5) discard;
  int place = int(vFeature.x + 0.5);
  if (place < 128) diffuseColor.rgb = shadeColors[place % 8];
  else if (place < 136) diffuseColor.rgb = rampColors[place - 128];
  float second = place < 128 && (place / 8) % 2 == 1 ? 1.0 : 0.0;
`;
const SHADE_COLORS = "uniform vec3 shadeColors[8];\nuniform vec3 rampColors[8];\nuniform float veil;";

const PATCHES: Partial<Record<Plain | Form, Patch>> = {
  area: (shader) => {
    vertex(shader, LIFT);
    colour(
      shader,
      SHADE_COLORS,
      `${SHADE}
       float stripe = smoothstep(0.42, 0.58, abs(fract((vPlace.x - vPlace.z) / 16.0) * 2.0 - 1.0));
       diffuseColor.a = veil * mix(1.0, 0.25 + 0.75 * stripe, second);`,
    );
  },
  line: (shader) => {
    vertex(shader, LIFT);
    colour(shader, SHADE_COLORS, SHADE);
  },
  ribbon: (shader) => {
    // Each corner knows the line's other end, and moves aside by a width of the screen.
    shader.vertexShader = "attribute vec3 other;\nattribute float aside;\nuniform vec2 picture;\n" + shader.vertexShader;
    vertex(
      shader,
      `vec4 end = projectionMatrix * modelViewMatrix * vec4(other, 1.0);
       if (end.w > 0.0 && gl_Position.w > 0.0) {
         vec2 along = (end.xy / end.w - gl_Position.xy / gl_Position.w) * picture;
         vec2 across = vec2(-along.y, along.x) / max(length(along), 1e-4);
         gl_Position.xy += across * aside / picture * gl_Position.w;
       }
       ${LIFT}`,
    );
    colour(shader, SHADE_COLORS, SHADE);
  },
  stroke: (shader) => lift(shader),
  timed: (shader) => {
    vertex(shader, LIFT);
    // Phase 0 coming: dashed; 1 running; from 2 on it is over, or nobody knows yet.
    colour(shader, "", "if (vFeature.z > 1.5 || (vFeature.z < 0.5 && fract((vPlace.x + vPlace.z * 1.3) / 60.0) > 0.5)) discard;");
  },
  "street-line": (shader) => lift(shader),
  wall: (shader) => {
    vertex(shader);
    colour(
      shader,
      "uniform vec3 wallColor;",
      // A soft contact shadow: darker towards the foot, as where street and house meet.
      `float foot = 1.0 - 0.30 * exp(-vFeature.w * 0.25 / 2.6);
       diffuseColor.rgb = wallColor * (0.965 + 0.07 * vFeature.y / 255.0) * foot;`,
    );
  },
  roof: (shader) => {
    vertex(shader);
    colour(
      shader,
      "uniform vec3 roofColors[4];",
      `int kind = int(vFeature.x + 0.5);
       vec3 roof = kind == 0 ? roofColors[0] : kind == 1 ? roofColors[1] : kind == 2 ? roofColors[2] : roofColors[3];
       diffuseColor.rgb = roof * (0.9 + 0.2 * vFeature.y / 255.0);`,
    );
  },
  green: lift,
  water: lift,
  street: lift,
  site: (shader) => {
    vertex(shader, LIFT);
    colour(
      shader,
      "uniform vec3 doneColor;",
      // Phase 0 coming: thin stripes; 1 running: filled and hatched; 2 done: faint.
      `float stripe = smoothstep(0.42, 0.58, abs(fract((vPlace.x + vPlace.z) / 5.0) * 2.0 - 1.0));
       float phase = floor(vFeature.z + 0.5);
       float fill = phase < 0.5 ? 0.75 * stripe : phase < 1.5 ? 0.55 + 0.35 * stripe : 0.3;
       diffuseColor.rgb = phase > 1.5 ? doneColor : diffuseColor.rgb * (0.82 + 0.18 * stripe);
       diffuseColor.a = fill;`,
    );
  },
  border: lift,
  district: (shader) => {
    shader.vertexShader =
      "varying vec3 vPlace;\n" +
      shader.vertexShader.replace("#include <project_vertex>", `#include <project_vertex>\nvPlace = (modelMatrix * vec4(transformed, 1.0)).xyz;\n${LIFT}`);
    // A soft border is dashed, so that nobody takes it for a road.
    shader.fragmentShader =
      "varying vec3 vPlace;\n" +
      shader.fragmentShader.replace("#include <color_fragment>", "#include <color_fragment>\nif (fract((vPlace.x + vPlace.z * 1.3) / 18.0) > 0.6) discard;");
  },
  edge: (shader) => {
    shader.vertexShader =
      "varying float vFar;\n" +
      shader.vertexShader.replace(
        "#include <project_vertex>",
        "#include <project_vertex>\nvFar = length(mvPosition.xyz);\ngl_Position.z -= 0.00004 * gl_Position.w;",
      );
    shader.fragmentShader =
      "varying float vFar;\nuniform vec3 edgeColor;\nuniform float edgeStrength;\nuniform vec2 edgeRange;\n" +
      shader.fragmentShader.replace(
        "#include <color_fragment>",
        `#include <color_fragment>
         diffuseColor = vec4(edgeColor, edgeStrength * (1.0 - smoothstep(edgeRange.x, edgeRange.y, vFar)));
         if (diffuseColor.a < 0.01) discard;`,
      );
  },
};
