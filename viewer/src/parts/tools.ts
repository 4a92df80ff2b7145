import type { TemplateResult } from "lit";
import { html, nothing, svg } from "lit";
import type { Words } from "../words/index.js";
import { icon } from "./icons.js";

export interface ToolsState {
  heading: number;
  /** Whether one looks from above; null where there is no other way. */
  flat: boolean | null;
  words: Words;
  zoom: (factor: number) => void;
  north: () => void;
  tilt: () => void;
  home: () => void;
}

/** Buttons of the scene, thumb-sized: closer, further, north, 2D or 3D, home. */
export function tools({ heading, flat, words, zoom, north, tilt, home }: ToolsState): TemplateResult {
  const button = (label: string, act: () => void, content: TemplateResult) =>
    html`<button type="button" aria-label=${label} title=${label} @click=${act}>${content}</button>`;
  return html`<div class="tools" role="region" aria-label=${words.tools}>
    ${flat === null ? nothing : button(
      words.northUp,
      north,
      html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        ${svg`<g transform=${`rotate(${-Math.round(heading)} 12 12)`}>
          <path d="M12 2.500 15.800 12H8.200Z" fill="#c0392b"></path><path d="M12 21.500 8.200 12h7.600Z" fill="currentColor" opacity="0.45"></path></g>`}
      </svg>`,
    )}
    <div class="pair">
      ${button(words.zoomIn, () => zoom(1.5), icon("plus"))} ${button(words.zoomOut, () => zoom(1 / 1.5), icon("minus"))}
    </div>
    ${flat === null ? nothing : button(flat ? words.view3d : words.view2d, tilt, html`<span class="written" data-text=${flat ? "3D" : "2D"}></span>`)}
    ${button(words.home, home, icon("home"))}
  </div>`;
}
