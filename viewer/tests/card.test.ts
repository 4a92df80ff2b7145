import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Card } from "../src/scene/card.js";

/** A context whose fences are signalled when they were asked for so many times; it keeps what it was asked. */
function context(polls: () => number) {
  const asked: string[] = [];
  const left = new Map<object, number>();
  const fake = {
    SYNC_GPU_COMMANDS_COMPLETE: 1,
    SYNC_STATUS: 2,
    SIGNALED: 3,
    fenceSync: () => {
      const fence = {};
      left.set(fence, polls());
      asked.push("fence");
      return fence;
    },
    getSyncParameter: (fence: object) => {
      left.set(fence, (left.get(fence) ?? 0) - 1);
      return (left.get(fence) ?? 0) <= 0 ? 3 : 0;
    },
    deleteSync: (fence: object) => left.delete(fence),
    flush: () => undefined,
    isContextLost: () => false,
    getExtension: (name: string) => asked.push(name),
  };
  return { asked, left, card: new Card(fake as unknown as WebGL2RenderingContext) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function milliseconds(done: Promise<unknown>): Promise<number> {
  const since = performance.now();
  let over = false;
  void done.then(() => (over = true));
  while (!over) await vi.advanceTimersByTimeAsync(1);
  return performance.now() - since;
}

describe("a card", () => {
  test("that answers at once is quiet at once", async () => {
    const { card, asked } = context(() => 1);
    expect(await milliseconds(card.quiet())).toBeLessThan(10);
    expect(asked).toEqual(["fence"]);
  });

  test("that works for others is asked again until it answers at once", async () => {
    const polls = [9, 4, 1, 1];
    const { card, asked } = context(() => polls.shift() ?? 1);
    await milliseconds(card.quiet());
    expect(asked).toHaveLength(3);
  });

  test("that is never quiet is waited for once, all in all", async () => {
    const { card } = context(() => 3);
    const first = await milliseconds(card.quiet());
    expect(first).toBeGreaterThan(1400);
    expect(first).toBeLessThan(1600);
    expect(await milliseconds(card.wake())).toBeLessThan(200);
  });

  test("is quiet before each thing that it is asked beforehand", async () => {
    const { card, asked, left } = context(() => 1);
    await milliseconds(card.wake());
    const names = asked.filter((each) => each !== "fence");
    expect(names.length).toBeGreaterThan(2);
    expect(asked).toEqual([...names.flatMap((name) => ["fence", name]), "fence"]);
    expect(left.size).toBe(0); // no fence is left behind
  });
});
