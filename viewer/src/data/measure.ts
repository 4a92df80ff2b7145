import { bicycles, isFamiliar, isStuck, newest, silence } from "./here.js";
import { limitOf } from "./limits.js";
import type { Limit } from "./limits.js";
import type { Layer, Text, Thing } from "./types.js";
import { kind } from "./types.js";
import { leading } from "./values.js";

/** The sum of a counter over 24 hours: no property of its own. */
export const SUM = "bicycles_24h";
/** Columns are told apart by so many classes. */
export const CLASSES = 5;
const INDEX = "air_quality_index";
/** Nobody counts for less than these bicycles, or for less than these of anything else. */
const LEAST_BICYCLES = 1000;
const LEAST = 5;
/** A column may be so many times as high as its limit value: higher ones are cut off. */
const OVER = 1.5;
/** What is no quantity from nothing to much: value at the foot, at full height. */
const RANGES: Record<string, readonly [number, number]> = {
  air_temperature: [-20, 40],
  dew_point: [-20, 40],
  water_temperature: [0, 30],
  pressure: [950, 1050],
};
/** A direction is not high or low, and parts of a whole are told with it. */
const UNMEASURED = /_direction(_\d)?$/;

/** What the columns of a layer show, on which scale. */
export interface Measure {
  property: string;
  /** Null for the sum of a counter, which the viewer names itself. */
  title: Text | null;
  unit: string;
  /** Values at the foot and at full height. */
  from: number;
  to: number;
  /** Where one class ends and the next begins, ascending. */
  breaks: readonly number[];
  limit: Limit | null;
  /** The classes are the publisher's own, of the air. */
  index: boolean;
  /** Stations with a value, and those whose values are old or missing. */
  standing: number;
  silent: number;
  /** Some columns are parted by direction. */
  parted: boolean;
}

/** How a station stands in the scene. */
export type Stand =
  | { kind: "plain" } // measures nothing
  | { kind: "silent" } // nothing new is known: no column
  | { kind: "signed"; step: number | null } // near by its sign shows all that it measures; the class of the air lies around it
  | { kind: "value"; share: number; step: number; index: boolean; limit: boolean; part: number | null };

/** The properties by which the columns of a layer can be asked to stand: those of which its stations have values. */
export function measurable(layer: Layer, things: readonly Thing[]): { name: string; title: Text; unit: string }[] {
  if (things.some((each) => counts(each))) return [];
  const known = new Set(things.flatMap(({ feature }) => Object.keys(feature.latest ?? {})));
  return (layer.properties ?? []).filter(({ name, unit }) => known.has(name) && unit !== "deg" && !UNMEASURED.test(name));
}

/** What the columns of a layer show: what was asked for, else what stands for most of its stations; null where nothing is measured. */
export function measureOf(layer: Layer, things: readonly Thing[], now: Date, asked: string | null = null): Measure | null {
  const names = measurable(layer, things);
  const property = things.some((each) => counts(each)) ? SUM : (names.find((each) => each.name === asked)?.name ?? first(things, names, now));
  if (!property) return null;
  const values = things.map((each) => valueOf(each, property, now)).filter((each) => each !== null);
  const { title = null, unit = "1/d" } = names.find((each) => each.name === property) ?? {};
  const index = property === INDEX;
  const limit = limitOf(property, unit);
  const [from, to] = index ? [-1, 4] : (RANGES[property] ?? (limit ? [0, limit.value] : rangeOf(values, unit, property)));
  const step = (to - from) / CLASSES;
  return {
    property,
    title,
    unit,
    from,
    to,
    // The last class of what has a limit is what lies above it.
    breaks: Array.from({ length: CLASSES - 1 }, (_, i) => (index ? i + 1 : neat(limit ? (limit.value * (i + 1)) / (CLASSES - 1) : from + step * (i + 1)))),
    limit,
    index,
    standing: values.length,
    silent: things.length - values.length,
    parted: property === SUM && things.some((each) => partOf(each) !== null),
  };
}

/** How a station stands by what its layer's columns show. */
export function standOf(thing: Thing, measure: Measure | null | undefined, now: Date): Stand {
  if (!measure) return { kind: "plain" };
  const value = valueOf(thing, measure.property, now);
  if (value === null) return { kind: "silent" };
  const { from, to, breaks, limit, index, property } = measure;
  const share = Math.min(limit ? OVER : 1, Math.max(0, (value - from) / (to - from)));
  const step = breaks.filter((each) => each <= value).length;
  return { kind: "value", share, step, index, limit: limit !== null, part: property === SUM ? partOf(thing) : null };
}

/** A station's value that is not too old; null where there is none. */
export function valueOf(thing: Thing, property: string, now: Date): number | null {
  if (property === SUM) return silence(thing, now) || isStuck(thing) ? null : bicycles(thing);
  const latest = newest(thing, property);
  return latest && typeof latest.value === "number" && !silence(thing, now, property) ? latest.value : null;
}

/** What stands for most stations; of the air its index. */
function first(things: readonly Thing[], names: readonly { name: string }[], now: Date): string | null {
  const index = names.find(({ name }) => name === INDEX && things.some((each) => kind(each.layer) === "air-station"));
  if (index) return index.name;
  const votes = new Map<string, number>();
  for (const each of things) {
    const told = leading(each, now)?.property;
    if (told && names.some(({ name }) => name === told)) votes.set(told, (votes.get(told) ?? 0) + 1);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? names[0]?.name ?? null;
}

function counts(thing: Thing): boolean {
  return kind(thing.layer) === "counter" && isFamiliar(thing) && bicycles(thing) !== null;
}

/** The part of a counter's sum that rode in the first direction; null where the source tells no directions. */
function partOf({ feature }: Thing): number | null {
  const { last_24h: sums = {} } = feature;
  for (const name of ["bicycles", "bicycles_hour"]) {
    const [all, one] = [sums[name], sums[`${name}_direction_1`]];
    if (typeof all === "number" && typeof one === "number" && all > 0 && one >= 0 && one <= all) return one / all;
  }
  return null;
}

/** From nothing (or as far below as above) to a round number that no value exceeds. */
function rangeOf(values: readonly number[], unit: string, property: string): [number, number] {
  const low = Math.min(0, ...values);
  const most = Math.max(Math.abs(low), ...values);
  if (unit === "%" && low >= 0 && most <= 100) return [0, 100];
  const least = property === SUM ? LEAST_BICYCLES : /^1($|\/)/.test(unit) ? LEAST : 0;
  const top = round(Math.max(most, least));
  return [low < 0 ? -top : 0, top];
}

/** The next of 1, 2, 5, 10 … */
function round(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return neat(([1, 2, 5].find((each) => each * power >= value) ?? 10) * power);
}

/** Without the last digits of a binary fraction. */
function neat(value: number): number {
  return Number(value.toPrecision(6));
}
