import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { knocked } from "../src/knock.js";

let worker: { onmessage: (() => void) | null; onerror: ((event: Event) => void) | null; terminate: () => void };

describe("the first question about WebGL", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    worker = { onmessage: null, onerror: null, terminate: vi.fn() };
  });
  afterEach(() => vi.useRealTimers());

  const asked = async () => {
    let done = false;
    void knocked(() => worker as never).then(() => (done = true));
    await vi.advanceTimersByTimeAsync(10);
    return () => done;
  };

  it("is waited for until the worker is answered, which goes then", async () => {
    const done = await asked();
    expect(done()).toBe(false);
    worker.onmessage?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(done()).toBe(true);
    expect(worker.terminate).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is no fault where a worker draws nothing", async () => {
    const done = await asked();
    const event = new Event("error", { cancelable: true });
    worker.onerror?.(event);
    await vi.advanceTimersByTimeAsync(0);
    expect(done()).toBe(true);
    expect(event.defaultPrevented).toBe(true);
  });

  it("is not put where another site's rules allow no worker", async () => {
    await knocked(() => {
      throw new DOMException("no", "SecurityError");
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is not waited for for ever", async () => {
    const done = await asked();
    await vi.advanceTimersByTimeAsync(5000);
    expect(done()).toBe(true);
    expect(worker.terminate).toHaveBeenCalledOnce();
  });
});
