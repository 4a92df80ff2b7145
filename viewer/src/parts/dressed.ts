import { ref } from "lit/directives/ref.js";
import { closer } from "../styles/closer.js";
import { scaled } from "../styles/scaled.js";

const sheet = scaled(closer).styleSheet;

/** An element with this brings the styles of a closer look with it: they are not needed before. */
export const dressed = () => ref((element) => queueMicrotask(() => dress(element?.getRootNode())));

/** Before the others, which know better where letters are large or colours forced. */
function dress(root: Node | undefined): void {
  if (!sheet || !(root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(sheet)) return;
  root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets];
}
