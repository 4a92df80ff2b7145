import { css } from "lit";
import { describe, expect, it } from "vitest";
import { scaled } from "../src/styles/scaled.js";

describe("a page with small letters at its root", () => {
  it("does not shrink ours", () => {
    const styles = scaled(css`
      .a-1rem { margin: -0.35rem 0 0 .5rem; --x: var(--rem); inset: calc(100% - 1.5rem) 2em }
    `);
    expect(styles.cssText).toContain("margin: calc(-0.35 * var(--rem)) 0 0 calc(.5 * var(--rem));");
    expect(styles.cssText).toContain("calc(100% - calc(1.5 * var(--rem))) 2em");
    expect(styles.cssText).toContain(".a-1rem { ");
  });

  it("keeps its own measure", () => {
    expect(scaled(css`:host { --rem: max(1REM, 16px); font: 400 var(--rem)/1.4 x }`).cssText).toContain("--rem: max(1REM, 16px);");
  });
});
