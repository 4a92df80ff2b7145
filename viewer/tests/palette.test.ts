import { Color } from "three";
import { describe, expect, it } from "vitest";
import { hourOf } from "../src/scene/hour.js";
import { DAY, NIGHT, SHADES, outlined } from "../src/scene/palette.js";
import type { Palette } from "../src/scene/palette.js";

type Triple = [number, number, number];
type Matrix = [Triple, Triple, Triple];

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const SIGHT: Record<string, Matrix> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function times(matrix: Matrix, [r, g, b]: Triple): Triple {
  return matrix.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b))) as Triple;
}

/** Oklab (Ottosson, 2020) of linear RGB: distances are about even to the eye; 0.02 is just seen. */
function lab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

function apart(a: Color, b: Color, sight: Matrix): number {
  const [one, two] = [a, b].map((each) => lab(times(sight, [each.r, each.g, each.b]))) as [Triple, Triple];
  return Math.hypot(one[0] - two[0], one[1] - two[1], one[2] - two[2]);
}

function luminance({ r, g, b }: Color): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Color, b: Color): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const PALETTES: Record<string, Palette> = { day: DAY, night: NIGHT, "day, high contrast": outlined(DAY, false), "night, high contrast": outlined(NIGHT, true) };

describe.each(Object.entries(PALETTES))("the colours of %s", (_, palette) => {
  const pairs: [string, Color, Color, number][] = [
    ["walls and tiles", palette.wall, palette.roofs[0], 0.1],
    ["walls and slate", palette.wall, palette.roofs[1], 0.1],
    ["tiles and slate", palette.roofs[0], palette.roofs[1], 0.04],
    ["walls and ground", palette.wall, palette.terrain, 0.015],
    ["streets and ground", palette.street, palette.terrain, 0.04],
    ["water and green", palette.water, palette.green, 0.05],
    ["water and ground", palette.water, palette.terrain, 0.06],
    ["green and ground", palette.green, palette.terrain, 0.035],
    ["roadworks and street", palette.site, palette.street, 0.15],
    ["counters and ground", palette.counter, palette.terrain, 0.25],
    ["roadworks and counters", palette.site, palette.counter, 0.12],
    ["roadworks and the environment", palette.themes.construction, palette.themes.environment, 0.1],
    ["what is chosen and tiles", palette.chosen, palette.roofs[0], 0.1],
  ];

  it.each(Object.entries(SIGHT))("are told apart by %s sight", (_name, sight) => {
    const close = pairs.filter(([, a, b, least]) => apart(a, b, sight) < least);
    expect(close.map(([name, a, b, least]) => `${name}: ${apart(a, b, sight).toFixed(3)} < ${least}`)).toEqual([]);
  });

  it("leave data louder than the ground, and the night is not black", () => {
    expect(contrast(palette.counter, palette.terrain)).toBeGreaterThan(3);
    expect(contrast(palette.chosen, palette.terrain)).toBeGreaterThan(3);
    expect(luminance(palette.terrain)).toBeGreaterThan(0.005);
    expect(contrast(palette.edge, palette.wall)).toBeGreaterThan(palette.flat ? 7 : 2);
  });
});

it("keeps the order of values by day and turns it by night", () => {
  const order = (palette: Palette) => [palette.wall, palette.terrain, palette.street, palette.water].map(luminance);
  const [wall, ground, street] = order(DAY) as [number, number, number, number];
  expect(wall).toBeGreaterThan(ground);
  expect(ground).toBeGreaterThan(street);
  for (const [day, night] of order(DAY).map((each, i) => [each, order(NIGHT)[i] as number] as const)) expect(night).toBeLessThan(day);
});

it("has choices that are told apart by all, two by two", () => {
  for (const [name, sight] of Object.entries(SIGHT)) {
    let least = Infinity;
    for (let i = 0; i < SHADES.length; i++) for (let j = 0; j < i; j++) least = Math.min(least, apart(SHADES[i] as Color, SHADES[j] as Color, sight));
    expect(least, name).toBeGreaterThan(0.03);
  }
});

describe.each(Object.entries(PALETTES))("the classes of columns of %s", (_, palette) => {
  it.each(Object.entries(SIGHT))("are told apart by %s sight, two by two", (_name, sight) => {
    for (const [name, colours, least] of [["values", palette.columns, 0.05], ["air", palette.air, 0.1]] as const) {
      for (let i = 0; i < colours.length; i++) for (let j = 0; j < i; j++) expect(apart(colours[i] as Color, colours[j] as Color, sight), `${name} ${i} ${j}`).toBeGreaterThan(least);
    }
  });

  it("stand out from the ground, by themselves or by their rim", () => {
    for (const each of palette.columns) expect(contrast(each, palette.terrain)).toBeGreaterThan(3);
    expect(contrast(palette.edge, palette.terrain)).toBeGreaterThan(3);
  });
});

describe.each([["day", DAY], ["night", NIGHT]] as const)("the light of each hour, upon the colours of %s", (_, palette) => {
  const heights = Array.from({ length: 61 }, (_, i) => i - 20);
  const ground = (height: number) => {
    const { sky, skyStrength } = hourOf(palette, height);
    return sky.clone().multiplyScalar(skyStrength / Math.PI).multiply(palette.terrain); // in the shade, under none of the sun's
  };

  it("leaves data louder than the ground, in the shade as well", () => {
    for (const each of heights) for (const colour of [palette.counter, ...palette.columns]) expect(contrast(colour, ground(each)), `${each}`).toBeGreaterThan(0.9 * contrast(colour, ground(60)));
  });

  it("changes by little at a time", () => {
    heights.slice(1).forEach((each, i) => {
      const [one, two] = [hourOf(palette, heights[i] as number), hourOf(palette, each)];
      for (const part of ["sun", "sky", "horizon", "zenith"] as const) expect(apart(one[part], two[part], SIGHT["usual"] as Matrix), `${part} ${each}`).toBeLessThan(0.05);
    });
  });

  it("is warm while the sun is low and blue once it is down; high, it is the palette's own", () => {
    const warmth = (height: number) => hourOf(palette, height).horizon.r / palette.horizon.r - hourOf(palette, height).horizon.b / palette.horizon.b;
    expect(warmth(40)).toBe(0);
    expect(warmth(2)).toBeGreaterThan(0.3);
    expect(warmth(-8)).toBeLessThan(-0.2);
    expect(hourOf(palette, 40).sun).toEqual(palette.sun);
    expect(hourOf(palette, -40)).toEqual(hourOf(palette, -12));
  });
});
