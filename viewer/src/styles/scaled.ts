import type { CSSResult } from "lit";
import { unsafeCSS } from "lit";

/**
 * Styles whose `rem` do not shrink in a page that makes its root's letters small (many set 62.5%).
 *
 * `--rem` is the size of the root, but never under the 16px that browsers begin with; larger letters stay larger.
 */
export function scaled(styles: CSSResult): CSSResult {
  return unsafeCSS(styles.cssText.replaceAll(/(?<![\w.-])(-?\d*\.?\d+)rem\b/g, "calc($1 * var(--rem))"));
}
