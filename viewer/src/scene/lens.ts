import { MathUtils } from "three";

/** Degrees of the picture's height as one looks around. */
export const WIDE = 36;
/** Straight from above the eye stands far off and looks through a long lens: a map shows no walls. */
const LONG = 4;
/** Between these angles from the vertical the lens changes. */
const PLAN = MathUtils.degToRad(1.5);
const AROUND = MathUtils.degToRad(16);

/** The lens (degrees of the picture's height) for an eye so many radians from the vertical. */
export function lensAt(polar: number): number {
  const t = MathUtils.smoothstep(polar, PLAN, AROUND);
  return Math.exp(MathUtils.lerp(Math.log(LONG), Math.log(WIDE), t));
}

/** How many times further off the eye stands with a lens, so that what it looks at is as large as with the wide one. */
export function stretchOf(lens: number): number {
  return Math.tan(MathUtils.degToRad(WIDE / 2)) / Math.tan(MathUtils.degToRad(lens / 2));
}
