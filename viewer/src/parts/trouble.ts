import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import type { Story } from "../story.js";
import { LINK } from "../words/link.js";
import type { Words } from "../words/index.js";
import { TROUBLE } from "../words/trouble.js";

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * What does not work as it should, each in a sentence; what can be tried again has a button. All of it stands in one
 * part that is always there: only what comes into such a part is sure to be read aloud.
 */
export function trouble(story: Story): TemplateResult {
  const { words, broken, service, register } = story;
  const retry = html`<button type="button" class="link" @click=${() => story.again()}>${words.retry}</button>`;
  const { ahead } = service.clock;
  const missing = story.layers.filter((each) => story.holdings.failed.has(each.id)).map((each) => each.title[words.language]);
  return html`<div role="status" aria-atomic="false">
    ${story.permalink.faulty ? html`<p class="then warn">${LINK[register]}</p>` : nothing}
    ${story.lost ? html`<p class="then warn">${words.lost}</p>` : nothing}
    ${ahead ? html`<p class="then warn">${clock(ahead, words)}</p>` : nothing}
    ${story.mapped && story.trouble === "none" ? html`<p class="then quiet" role="note">${words.noWebGL}</p>` : nothing}
    ${story.trouble === "no-tiles" ? html`<p class="then warn">${words.failedTiles} ${retry}</p>` : nothing}
    ${story.trouble === "none" && broken > 0 ? html`<p class="then warn">${TROUBLE[register].part} ${retry}</p>` : nothing}
    ${missing.length ? html`<p class="then warn">${TROUBLE[register].layers(missing.join(", "))}</p>` : nothing}
  </div>`;
}

/** How wrong the clock of the device is, in the largest unit that tells it. */
function clock(ahead: number, words: Words): string {
  const speech = TROUBLE[words.register];
  const minutes = Math.abs(ahead) / 60_000;
  const [unit, count] = minutes >= DAY ? (["days", minutes / DAY] as const) : minutes >= HOUR ? (["hours", minutes / HOUR] as const) : (["minutes", minutes] as const);
  return speech[ahead > 0 ? "ahead" : "behind"](speech.spans[unit](Math.round(count)));
}
