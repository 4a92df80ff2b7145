/** A clock that is off by less is right enough: answers travel, and say the time to the second. */
const TOLERATED_MS = 120_000;

/** What time it is: the device's clock, put right by what the service's answers say of the time (`Date`). */
export class Clock {
  #ahead = 0;

  /** Learn from the header of an answer that has just come; what says no time teaches nothing. */
  learn(date: string | null, at = Date.now()): void {
    const told = Date.parse(date ?? "");
    if (Number.isNaN(told)) return;
    this.#ahead = Math.abs(at - told) > TOLERATED_MS ? at - told : 0;
  }

  get now(): Date {
    return new Date(Date.now() - this.#ahead);
  }

  /** Milliseconds by which the device's clock is ahead, negative where it is behind; 0 for one that is right. */
  get ahead(): number {
    return this.#ahead;
  }
}
