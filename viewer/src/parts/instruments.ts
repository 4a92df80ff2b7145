import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import type { Place } from "../data/coordinates.js";
import { share, withView } from "../state/share.js";
import type { Outcome } from "../state/share.js";
import type { Story } from "../story.js";
import { INSTRUMENTS } from "../words/instruments.js";
import { SHARE } from "../words/share.js";

/** The instruments of a visitor: measuring, and handing on a link. */
export class Instruments {
  #shared: { outcome: Outcome; link: string } | null = null;

  constructor(private readonly story: Story) {}

  /** The buttons. */
  buttons(): TemplateResult {
    const { story } = this;
    const { measure } = INSTRUMENTS[story.register];
    return html`${story.scene?.probe
        ? html`<button type="button" aria-pressed=${story.measuring !== null} @click=${this.#measure}>${measure}</button>`
        : nothing}
      <button type="button" @click=${() => this.#share(false)}>${SHARE[story.register].share}</button>`;
  }

  /** Sun and shadow at the place that was chosen. */
  sun(): TemplateResult | typeof nothing {
    const { story } = this;
    const { chosen, sunny } = story;
    const place = chosen ?? story.spots.spot;
    if (!place || !story.scene?.probe || !Number.isFinite(place.lon)) return nothing;
    const key = chosen?.key ?? `${place.lon} ${place.lat}`;
    const texts = INSTRUMENTS[story.register];
    const open = sunny?.key === key;
    return html`<section class="sun">
      <button type="button" class="link" aria-expanded=${open} @click=${() => this.#sun(open ? null : key, place)}>${open ? texts.hide : texts.show}</button>
      ${open ? sunny.render() : nothing}
    </section>`;
  }

  async #sun(key: string | null, place: Place): Promise<void> {
    const { story } = this;
    story.sunny = null;
    if (key !== null) story.sunny = new (await import("./sunny.js")).Sunny(story, key, place);
    story.teller.requestUpdate();
  }

  /** What became of the link. */
  said(): TemplateResult {
    const { story } = this;
    const texts = SHARE[story.register];
    const shared = this.#shared;
    const select = (event: Event) => (event.target as HTMLInputElement).select();
    return html`<div class="handed" role="status">${shared
      ? html`<p>${texts[shared.outcome]} ${story.spots.secret && !shared.link.includes("view=") ? texts.withoutPlace : nothing}</p>
          ${shared.outcome === "shown" ? html`<input type="text" readonly aria-label=${texts.link} .value=${shared.link} @focus=${select} />` : nothing}`
      : nothing}</div>
    ${shared && story.spots.secret && !shared.link.includes("view=")
      ? html`<p class="handed"><button type="button" class="link" @click=${() => this.#share(true)}>${texts.withPlace}</button></p>`
      : nothing}`;
  }

  readonly #measure = async (): Promise<void> => {
    const { story } = this;
    if (story.measuring) return story.measuring.end();
    const { Measuring } = await import("./measure.js");
    if (story.measuring) return;
    story.measuring = new Measuring(story);
    story.teller.requestUpdate();
    await story.teller.present("measure");
  };

  async #share(place: boolean): Promise<void> {
    const { story } = this;
    story.remember();
    const link = place && story.scene ? withView(story.bar.link, story.scene.view) : story.bar.link;
    const outcome = await share(link, story.holdings.city?.title[story.language] ?? "");
    this.#shared = outcome && { outcome, link };
    story.teller.requestUpdate();
  }
}
