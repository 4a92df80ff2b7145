import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { contains } from "../data/places.js";
import { kind } from "../data/types.js";
import type { Story } from "../story.js";
import { FIND } from "../words/find.js";
import { metres } from "../words/numbers.js";
import { placeInWords } from "../words/places.js";
import { icon } from "./icons.js";
import { titleOf } from "./list.js";

/** What is said of a place that is no thing. */
export function spot(story: Story): TemplateResult | typeof nothing {
  const { words } = story;
  const { spot: place } = story.spots;
  if (!place) return nothing;
  const texts = FIND[story.register];
  const district = story.visible().find((each) => kind(each.layer) === "district" && contains(each.feature.geometry, place));
  const leave = () => story.spots.leave();
  return html`<section class="info" role="region" aria-labelledby="spot-title">
    <header>
      <h2 id="spot-title" tabindex="-1">${place.own ? texts.you : placeInWords(place, words)}</h2>
      ${place.own ? nothing : html`<button type="button" class="round" aria-label=${words.close} title=${words.close} @click=${leave}>${icon("close")}</button>`}
    </header>
    ${place.exact === null ? nothing : html`<p>${texts.exact(metres(place.exact, words))}</p>`}
    ${district ? html`<p>${words.district}: ${titleOf(district, words)}</p>` : nothing}
    ${place.own
      ? html`<p class="quiet">${texts.private}</p>
          <p><button type="button" class="link" @click=${leave}>${texts.forget}</button></p>`
      : nothing}
  </section>`;
}
