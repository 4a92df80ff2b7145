import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { painted } from "../src/painted.js";

let tell: (name: string) => void;
let watching: boolean;

class Watch {
  static supportedEntryTypes = ["paint"];
  constructor(told: (list: { getEntriesByName: (name: string) => string[] }) => void) {
    tell = (name) => told({ getEntriesByName: (asked) => [name].filter((each) => each === asked) });
  }
  observe(): void {
    watching = true;
  }
  disconnect(): void {
    watching = false;
  }
}

async function waits(): Promise<boolean> {
  let done = false;
  void painted().then(() => (done = true));
  await vi.advanceTimersByTimeAsync(10);
  return !done;
}

describe("the first sight of the page", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    watching = false;
    vi.stubGlobal("document", { hidden: false });
    vi.stubGlobal("PerformanceObserver", Watch);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is waited for, and no longer", async () => {
    expect(await waits()).toBe(true);
    const seen = painted();
    tell("first-paint"); // nothing but the background
    expect(watching).toBe(true);
    tell("first-contentful-paint");
    await seen;
    expect(watching).toBe(false);
  });

  it("is not waited for where nothing is shown or nobody says when", async () => {
    vi.stubGlobal("document", { hidden: true });
    expect(await waits()).toBe(false);
    vi.stubGlobal("document", { hidden: false });
    vi.stubGlobal("PerformanceObserver", { supportedEntryTypes: ["longtask"] });
    expect(await waits()).toBe(false);
  });

  it("is not waited for for ever", async () => {
    const seen = painted();
    await vi.advanceTimersByTimeAsync(3000);
    await seen;
    expect(watching).toBe(false);
  });
});
