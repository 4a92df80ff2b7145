import type { TemplateResult } from "lit";
import { html, svg } from "lit";

/** Line icons, drawn here: 24 units wide, in the colour of the text. */
const PATHS: Record<string, string> = {
  play: "M8 5.500v13l10.500-6.500Z",
  pause: "M8.500 6v12M15.500 6v12",
  search: "M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l5 5",
  here: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10ZM12 3.500v3.500M12 17v3.500M3.500 12h3.500M17 12h3.500",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  cube: "M12 3.5 19.5 8v8L12 20.5 4.5 16V8ZM12 12v8.5M12 12 4.5 8M12 12l7.5-4",
  square: "M5 5h14v14H5ZM5 10h9M10 10v9M14 5v5",
  before: "M14.500 5.500 8 12l6.500 6.500",
  after: "M9.500 5.500 16 12l-6.500 6.500",
  past: "M4.500 5v4.500H9M5 9.500a7.500 7.500 0 1 1-.5 2.500M12 8v4.500l3 2",
  close: "M6 6l12 12M18 6 6 18",
  list: "M9 6h11M9 12h11M9 18h11M4 6h.5M4 12h.5M4 18h.5",
  picture: "M4 18h16M6.500 18v-7h4v7M10.500 18V6h5v12M15.500 18v-5h3v5",
  site: "M5 19h14M8.500 19 12 5l3.500 14M9.700 14.500h4.600M10.800 10h2.400",
  bike: "M6 17.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM18 17.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM6 14.500 9.500 9h5.500l3 5.500M9.500 9 12 14.500 15 9M8 7.500h3M15 9l-.8-2.500H17",
  air: "M4 9.500h10a2.500 2.500 0 1 0-2.500-2.500M4 13h14a2.500 2.500 0 1 1-2.500 2.500M4 16.500h6a2 2 0 1 1-2 2",
  warning: "M12 4.500 20.500 19h-17ZM12 10v4.500M12 16.800v.2",
  parking: "M5.500 4.500h13v15h-13ZM9.500 16.500v-9h3.500a2.700 2.700 0 0 1 0 5.400H9.500",
  stop: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM9.500 8.500v7M14.500 8.500v7M9.500 12h5",
  place: "M12 20.500c4-4.600 6-7.600 6-10.500a6 6 0 1 0-12 0c0 2.900 2 5.900 6 10.500ZM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  fresh: "M5 12.500 10 17 19 7",
  late: "M12 4.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15ZM12 8v4.500l3 2",
  silent: "M4.500 12a7.500 7.500 0 1 0 15 0 7.500 7.500 0 0 0-15 0ZM8 12h8",
  changed: "M5 9h12l-3-3.500M19 15H7l3 3.500",
  refused: "M12 4.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15ZM7 7l10 10",
  "not-cleared": "M7 11V8.500a5 5 0 0 1 10 0V11M5.500 11h13v8.500h-13Z",
  building: "M6 20V5h8v15M14 10h4.500v10M4 20h16M9 8.500h2M9 12h2M9 15.500h2",
  district: "M4.500 8 10 5l4.500 3L20 5v11l-5.500 3L10 16l-5.500 3Z",
};

/** An icon as a template; decoration only, the word stands beside it. */
export function icon(name: string): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">
    ${svg`<path d=${PATHS[name] ?? ""}></path>`}
  </svg>`;
}

/** The same icon as an element, for marks in the scene. */
export function iconElement(name: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const element = document.createElementNS(space, "svg");
  const attributes = {
    viewBox: "0 0 24 24",
    width: "16",
    height: "16",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "2",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  };
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  element.append(path);
  return element;
}
