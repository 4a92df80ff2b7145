import type { Shape, Value } from "./mvt.js";

/** A style's expression, of which the service writes few; anything else gives nothing. */
export type Expression = unknown;

/** One layer of a style: what is drawn of which features, and how. */
export interface Drawn {
  type: "fill" | "line" | "circle";
  filter?: Expression;
  paint: Record<string, Expression>;
}

export interface Style {
  sources: Record<string, { tiles?: string[]; minzoom?: number; maxzoom?: number; bounds?: number[] }>;
  layers: Drawn[];
}

interface Subject {
  shape: Shape;
  properties: Record<string, Value>;
}

type Result = Value | readonly Result[] | null;
type Rule = (args: readonly Expression[], of: Subject) => Result;

const DEEPEST = 12;
const LONGEST_DASH = 100;

const RULES: Record<string, Rule> = {
  get: ([name], of) => of.properties[String(name)] ?? null,
  has: ([name], of) => of.properties[String(name)] !== undefined,
  "geometry-type": (_, of) => of.shape,
  typeof: ([each], of) => (typeof value(each, of) === "object" ? "null" : typeof value(each, of)),
  "to-number": ([each], of) => Number(value(each, of)),
  "!": ([each], of) => !value(each, of),
  all: (args, of) => args.every((each) => value(each, of) === true),
  any: (args, of) => args.some((each) => value(each, of) === true),
  "==": ([a, b], of) => value(a, of) === value(b, of),
  "<=": ([a, b], of) => compare(a, b, of, (x, y) => x <= y),
  ">": ([a, b], of) => compare(a, b, of, (x, y) => x > y),
  case: (args, of) => {
    for (let i = 0; i + 1 < args.length; i += 2) if (value(args[i], of) === true) return value(args[i + 1], of);
    return args.length % 2 ? value(args.at(-1), of) : null;
  },
  match: ([input, ...args], of) => {
    const found = value(input, of);
    for (let i = 0; i + 1 < args.length; i += 2) {
      const label = args[i];
      if (Array.isArray(label) ? label.includes(found) : label === found) return value(args[i + 1], of);
    }
    return value(args.at(-1), of);
  },
  step: ([input, first, ...stops], of) => {
    const found = Number(value(input, of));
    let chosen: Expression = first;
    for (let i = 0; i + 1 < stops.length && Number(stops[i]) <= found; i += 2) chosen = stops[i + 1];
    return value(chosen, of);
  },
};

let depth = 0;

/** What an expression gives for a feature; null where it gives nothing, or is none that we know. */
export function value(expression: Expression, of: Subject): Result {
  if (typeof expression === "string" || typeof expression === "number" || typeof expression === "boolean") return expression;
  if (!Array.isArray(expression) || depth > DEEPEST) return null;
  const [name, ...args] = expression as unknown[];
  const rule = typeof name === "string" && Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  depth += 1;
  try {
    return rule?.(args, of) ?? null;
  } finally {
    depth -= 1;
  }
}

function compare(a: Expression, b: Expression, of: Subject, holds: (a: Value, b: Value) => boolean): boolean {
  const [x, y] = [value(a, of), value(b, of)];
  return typeof x === typeof y && (typeof x === "string" || typeof x === "number") && holds(x, y as Value);
}

/** Whether a layer of a style draws a feature. */
export function draws(drawn: Drawn, of: Subject): boolean {
  return drawn.filter === undefined || value(drawn.filter, of) === true;
}

/** A colour `#rrggbb`, or null where the style gives none: only these reach the canvas. */
export function colour(expression: Expression, of: Subject): string | null {
  const found = value(expression, of);
  return typeof found === "string" && /^#[0-9a-f]{6}$/i.test(found) ? found.toLowerCase() : null;
}

/** A number between 0 and `most`. */
export function number(expression: Expression, of: Subject, otherwise: number, most: number): number {
  const found = value(expression, of);
  return typeof found === "number" && found >= 0 ? Math.min(found, most) : otherwise;
}

/** Lengths of dashes and gaps; none where the style gives anything else: it would hide the line. */
export function dashes(expression: Expression): readonly number[] {
  const told = Array.isArray(expression) ? (expression as unknown[]) : [];
  return told.every((each) => typeof each === "number" && each > 0 && each < LONGEST_DASH) ? (told as number[]) : [];
}
