import type { WebGLProgramParametersWithUniforms } from "three";
import type { Form, Plain } from "./materials.js";

/** The kind of a wall; below it are the roofs of `Palette.roofs`. */
export const WALL = 4;

/** Forms that are drawn by the program of another. */
export const PROGRAMS: Partial<Record<Plain | Form, string>> = {
  wall: "building",
  roof: "building",
  terrain: "plain",
  leaves: "plain",
  needles: "plain",
  trunk: "plain",
  green: "draped",
  water: "draped",
  street: "draped",
  stroke: "lines",
  timed: "lines",
  "street-line": "lines",
  border: "lines",
  district: "lines",
};

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

/**
 * Dashes of `feature.w` metres, of what has any: districts, and what is still to come (phase 0). Two sets of stripes
 * across each other, so that a line of no direction lies between them. Phase 2 is over, 3 not seen. Without `feature`
 * a line is whole: what has no such attribute reads 0, 0, 0, 1.
 */
const lines: Patch = (shader) => {
  vertex(shader, LIFT);
  colour(
    shader,
    "uniform vec3 doneColor;",
    `if (vFeature.z > 2.5) discard;
     if (vFeature.z > 1.5) diffuseColor = vec4(doneColor, 0.7);
     vec2 dash = vec2(vPlace.x + vPlace.z * 1.3, (vPlace.x * 1.3 - vPlace.z) * 0.3) / vFeature.w;
     if (vFeature.w > 1.5 && vFeature.z < 0.5 && fract(dash.x) > 0.5 != fract(dash.y) > 0.5) discard;`,
  );
};

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
/** From phase 9 on the colour of a building's class in place of its own; of what is not known (255) grey stripes. */
const DYE = `
  if (vFeature.z > 8.5) {
    vec3 dye = kind < 128 ? shadeColors[kind % 8] : kind < 136 ? rampColors[kind - 128] : vec3(0.36);
    float stripe = smoothstep(0.42, 0.58, abs(fract((vPlace.x + vPlace.y - vPlace.z) / 4.0) * 2.0 - 1.0));
    if (kind > 135 || (kind < 128 && (kind / 8) % 2 == 1)) dye = mix(dye, vec3(0.78), stripe * 0.8);
    diffuseColor.rgb = dye * foot;
  } else `;
const building: Patch = (shader) => {
  vertex(shader);
  colour(
    shader,
    "uniform vec3 wallColor;\nuniform vec3 roofColors[4];\nuniform float footShade;\nuniform vec3 shadeColors[8];\nuniform vec3 rampColors[8];",
    // A soft contact shadow: darker towards the foot, as where street and house meet.
    `float tint = vFeature.y / 255.0;
     int kind = int(vFeature.x + 0.5);
     float foot = 1.0 - footShade * exp(-vFeature.w * 0.25 / 2.6);
     ${DYE}if (kind >= ${WALL}) {
       diffuseColor.rgb = wallColor * (0.965 + 0.07 * tint) * foot;
     } else {
       diffuseColor.rgb = roofColors[kind] * (0.9 + 0.2 * tint);
     }`,
  );
};
const SHADE_COLORS = "uniform vec3 shadeColors[8];\nuniform vec3 rampColors[8];\nuniform float veil;";

/** How the shader of a form differs from three's own. */
export const PATCHES: Partial<Record<Plain | Form, Patch>> = {
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
  stroke: lines,
  timed: lines,
  "street-line": lines,
  border: lines,
  district: lines,
  wall: (shader) => building(shader),
  roof: (shader) => building(shader),
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
