import type { TemplateResult } from "lit";
import { html } from "lit";
import type { Inside } from "../data/inside.js";
import type { Words } from "../words/index.js";
import { INSIDE } from "../words/inside.js";
import { whole } from "../words/numbers.js";

/** What lies in an area: a number a layer, which leads to all of them, and the same as a table to take home. */
export function inside(found: readonly Inside[], words: Words): TemplateResult {
  const speech = INSIDE[words.register];
  if (!found.length) return html`<p>${speech.none}</p>`;
  return html`<ul class="inside">
      ${found.map(({ layer, count, page, table, rows }) => {
        const title = layer.title[words.language];
        return html`<li><a href=${page}>${title}: ${whole(count, words)}</a> · <a href=${table} aria-label=${speech.tableOf(title)} download>${speech.table}</a>${rows < count ? ` (${speech.first(whole(rows, words))})` : ""}</li>`;
      })}
    </ul>
    <p class="quiet">${speech.rest}</p>`;
}
