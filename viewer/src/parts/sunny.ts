import type { TemplateResult } from "lit";
import { html, nothing, svg } from "lit";
import { daylight, isUp, minutesOf, spans } from "../data/daylight.js";
import type { Daylight, Span } from "../data/daylight.js";
import type { Place } from "../data/coordinates.js";
import { shining } from "../scene/shade.js";
import type { Story } from "../story.js";
import { clock, dayNumber, longDate } from "../words/dates.js";
import { SUNNY } from "../words/sunny.js";

const STEP_MIN = 10;
/** Where somebody stands or sits; on a roof just above it, metres. */
const EYES_M = 1.5;
const ROOF_M = 0.3;
const DAY_MIN = 1440;
const TALL: Record<Span["state"], number> = { sun: 12, shade: 6, night: 2 };

type Where = "roof" | "wall" | "terrain";

/** Sun and shadow at one place through the day that is shown. */
export class Sunny {
  #day: number | null = null;
  #light: Daylight | null = null;
  #spans: Span[] | null = null;
  #where: Where | null = null;
  #rough = false;

  constructor(
    private readonly story: Story,
    /** Of what it was asked. */
    readonly key: string,
    private readonly place: Place,
  ) {}

  render(): TemplateResult {
    const { story } = this;
    const { words, now } = story;
    const texts = SUNNY[story.register];
    // Another day is shown: its shadows are others.
    if (this.#day !== dayNumber(now)) void this.#work(now);
    return html`<div class="sunny">
      <h3>${texts.title(longDate(now, words))}</h3>
      <div role="status">${this.#where === null ? html`<p>${texts.failed}</p>` : this.#spans ? this.#told(this.#spans) : html`<p>${texts.working}</p>`}</div>
      ${this.#where && this.#spans ? this.#bar(this.#spans) : nothing}
    </div>`;
  }

  async #work(now: Date): Promise<void> {
    const { story, place } = this;
    const day = (this.#day = dayNumber(now));
    this.#spans = null;
    const { probe } = story.scene ?? {};
    const top = probe?.top(place) ?? null;
    this.#where = top ? (top.role as Where) : null;
    if (!top || !probe) return;
    const light = daylight(now, place, STEP_MIN);
    const point = top.point.clone().setY(top.point.y + (top.role === "terrain" ? EYES_M : ROOF_M));
    const wanted = () => story.sunny === this && this.#day === day;
    const lit = await shining(point, light.moments.filter(isUp), probe.solids(), wanted);
    if (!lit || !wanted()) return;
    this.#rough = probe.loading;
    this.#light = light;
    this.#spans = spans(light, lit);
    story.teller.requestUpdate();
  }

  #told(all: readonly Span[]): TemplateResult {
    const { words, register } = this.story;
    const texts = SUNNY[register];
    const { rise, set } = this.#light ?? {};
    const time = (state: Span["state"]) => {
      const minutes = minutesOf(all, state);
      return minutes > 0 ? texts.hours(Math.floor(minutes / 60), minutes % 60) : null;
    };
    const [sun, shade] = [time("sun"), time("shade")];
    const shining = all.filter((each) => each.state === "sun").map(({ from, to }) => texts.from(clock(from, words), clock(to, words)));
    const last = shining.pop();
    const dark = !sun && !shade;
    return html`<p>${rise && set ? texts.rise(clock(rise, words), clock(set, words)) : dark ? texts.never : texts.always}</p>
      ${last ? html`<p><strong>${texts.shines(shining.length ? `${shining.join(", ")}${texts.and}${last}` : last)}</strong> ${sun ? texts.sun(sun) : nothing}</p>` : html`<p><strong>${texts.noSun}</strong></p>`}
      ${shade ? html`<p>${texts.shaded(shade)}</p>` : dark ? nothing : html`<p>${texts.noShade}</p>`}
      <p class="quiet">${this.#where ? texts.where[this.#where] : nothing} ${texts.honest} ${this.#rough ? texts.loading : nothing}</p>`;
  }

  /** The day as a bar: what is sun, shadow and night differs in height, too. */
  #bar(all: readonly Span[]): TemplateResult {
    const texts = SUNNY[this.story.register];
    const begin = all[0]?.from.getTime() ?? 0;
    const at = (date: Date) => (date.getTime() - begin) / 60_000;
    return html`<svg class="day" viewBox="0 0 ${DAY_MIN} 12" preserveAspectRatio="none" role="img" aria-label=${texts.bar}>
        ${all.map(({ from, to, state }) => svg`<rect class="time-of-${state}" x=${at(from)} y=${12 - TALL[state]} width=${at(to) - at(from)} height=${TALL[state]}></rect>`)}
      </svg>
      <p class="hours quiet" aria-hidden="true">${[0, 6, 12, 18, 24].map((hour) => html`<span>${hour}</span>`)}</p>
      <ul class="legend quiet">
        ${(["sun", "shade", "night"] as const).map((state) => html`<li><i class="hour time-of-${state}" aria-hidden="true"></i>${texts.legend[state]}</li>`)}
      </ul>`;
  }
}
