/** Where the marks of a chart lie, in units of its own picture: pure geometry, drawn by `chart.ts`. */

export interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The picture of all charts: as wide as the panel, letters as large as beside it. */
export const WIDE = 300;

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The upper end of an axis and its ticks: round numbers, the first that reach over all values. */
export function axis(most: number, least = 0, ticks = 3): { low: number; high: number; ticks: number[] } {
  const span = Math.max(Math.max(most, 0) - Math.min(least, 0), Number.MIN_VALUE);
  if (most <= 0 && least >= 0) return { low: 0, high: 1, ticks: [0] };
  const raw = span / ticks;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= raw * 0.999) as number;
  const low = Math.floor(Math.min(least, 0) / step + 1e-9) * step;
  const high = Math.max(Math.ceil(most / step - 1e-9), 0) * step;
  const count = Math.round((high - low) / step);
  return { low, high, ticks: Array.from({ length: count + 1 }, (_, i) => tidy(low + i * step)) };
}

/** Sums of tenths without the dust of binary numbers. */
function tidy(value: number): number {
  return Number(value.toPrecision(10));
}

/** The height of a value in an area whose axis reaches from `low` to `high`. */
export function level(value: number, low: number, high: number, { top, bottom }: Area): number {
  return bottom - ((value - low) / (high - low)) * (bottom - top);
}

/** A bar for each value, side by side; null where there is no value, which stays a gap. */
export function barsOf(values: readonly (number | null)[], high: number, area: Area, thin = 0.72): (Bar | null)[] {
  const pitch = (area.right - area.left) / Math.max(1, values.length);
  return values.map((value, i) => {
    if (value === null) return null;
    const y = level(Math.max(0, value), 0, high, area);
    return { x: area.left + pitch * (i + (1 - thin) / 2), y, width: pitch * thin, height: area.bottom - y };
  });
}

/** A line through readings, broken wherever two are further apart than `gap`: a value that nobody measured is not drawn. */
export function pathsOf(
  readings: readonly { at: number; value: number }[],
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
  gap: number,
  area: Area,
): string[] {
  const x = (at: number) => area.left + ((at - from) / (to - from)) * (area.right - area.left);
  const paths: string[] = [];
  let last = -Infinity;
  for (const { at, value } of readings) {
    if (at < from || at > to) continue;
    const point = `${x(at).toFixed(1)} ${level(value, low, high, area).toFixed(1)}`;
    if (at - last > gap) paths.push(`M${point}`);
    else paths[paths.length - 1] += `L${point}`;
    last = at;
  }
  // A single value between two gaps is seen as a dot: a line of no length with round ends.
  return paths.map((each) => (each.includes("L") ? each : `${each}h0`));
}

/** The usual distance between two readings: half of all are no further apart. */
export function pace(readings: readonly { at: number }[]): number {
  const steps = readings.slice(1).map((each, i) => each.at - (readings[i] as { at: number }).at);
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}
