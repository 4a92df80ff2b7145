import type { View } from "../state/address.js";

const FLIGHT_MS = 400;

/** A flight from one view to another, or none where motion is not welcome. */
export class Flight {
  #leg: { from: View; to: View; start: number | null } | null = null;

  constructor(private readonly calm: boolean) {}

  get flying(): boolean {
    return this.#leg !== null;
  }

  /** Where the flight ends; null where nothing flies. */
  get goal(): View | null {
    return this.#leg?.to ?? null;
  }

  /** Begin; false where nobody flies. */
  go(from: View, to: View): boolean {
    if (this.calm) return false;
    this.#leg = { from, to, start: null };
    return true;
  }

  stop(): void {
    this.#leg = null;
  }

  /** The view now; null where nothing flies. */
  at(now: number): View | null {
    const leg = this.#leg;
    if (!leg) return null;
    leg.start ??= now;
    const part = Math.min(1, (now - leg.start) / FLIGHT_MS);
    const eased = part * part * (3 - 2 * part);
    const mix = (a: number, b: number) => a + (b - a) * eased;
    if (part === 1) this.#leg = null;
    const { from, to } = leg;
    return { ...to, lon: mix(from.lon, to.lon), lat: mix(from.lat, to.lat), range: Math.exp(mix(Math.log(from.range), Math.log(to.range))) };
  }
}
