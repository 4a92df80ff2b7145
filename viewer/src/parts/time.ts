import type { TemplateResult } from "lit";
import { html, nothing, svg } from "lit";
import { live } from "lit/directives/live.js";
import { notchOf, notchesOf, stopAt } from "../state/stops.js";
import type { Stop } from "../state/stops.js";
import type { Story } from "../story.js";
import { clock, dayNumber, format, longDate, weekday, yearlessDate } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { TIME } from "../words/time.js";
import { icon } from "./icons.js";

/** Width of the drawing of ticks; it is stretched to that of the slider. */
const WIDE = 1000;
const HIGH = 10;
/** On a phone this is less than 3 px, and marks nearer than that would be one. */
const APART = WIDE / 40;
/** Named are at most so many layers that have something new. */
const MOST_NAMED = 3;
const PLACES = [0, 1 / 3, 2 / 3];
/** So few stops need no words between them. */
const FEW = 6;

/** The one time of all that is shown: a slider over the dates with data, steps from one to the next, play, and the way back to now. */
export function timeBar(story: Story): TemplateResult | typeof nothing {
  const { time, words } = story;
  const { stops, place, playing } = time;
  if (stops.length < 2) return nothing;
  const own = TIME[story.register];
  const stop = stops[place] as Stop;
  const notches = notchesOf(stops);
  const notch = notchOf(notches, place);
  const aloud = [spoken(stop, story), told(stop, story)].filter(Boolean).join(", ");
  const moved = (act: (place: number) => void) => (event: Event) => {
    const input = event.target as HTMLInputElement;
    act(stopAt(notches, Number(input.value), place, input.matches(":active")));
  };
  const step = (by: 1 | -1, name: "before" | "after") =>
    html`<button type="button" class="step" aria-label=${own[name]} title=${own[name]} aria-disabled=${!stops[place + by]} @click=${() => time.step(by)}>${icon(name)}</button>`;
  return html`<section class="time" aria-label=${own.title}>
    <button
      type="button"
      class="play"
      aria-label=${playing ? own.pause : own.play}
      title=${playing ? own.pause : own.play}
      @click=${() => (playing ? time.stop() : time.play())}
    >
      ${icon(playing ? "pause" : "play")}
    </button>
    <div class="course">
      <div class="moment">
        ${step(-1, "before")}
        <p aria-hidden="true">
          <strong>${stop.datetime === null ? own.today(yearlessDate(stop.at, stop.at, words)) : html`<span class="weekday">${weekdayOf(stop.at, words)}, </span>${own.on(longDate(stop.at, words), clock(stop.at, words))}`}</strong>
          <span class="quiet">${time.moving ? own.moving : told(stop, story)}</span>
        </p>
        ${step(1, "after")}
      </div>
      <div class="rail">
        ${ticks(stops, notches)}
        <input
          id="time"
          type="range"
          min="0"
          max=${notches.length - 1}
          step="1"
          .value=${live(String(notch))}
          aria-label=${own.slider}
          aria-valuetext=${aloud}
          @input=${moved((each) => time.hold(each))}
          @change=${moved((each) => time.release(each))}
        />
      </div>
      <p class="ends quiet" aria-hidden="true">
        ${(stops.length > FEW ? PLACES : [0]).map((part) => html`<span>${shortDate((stops[notches[Math.round(part * (notches.length - 1))] as number] as Stop).at, story.service.clock.now, words)}</span>`)}
        <span></span>
      </p>
    </div>
    <button type="button" class="now" ?disabled=${stop.datetime === null && time.asked === null} @click=${() => time.now()}>${own.now}</button>
    <div class="unseen" role="status">${playing || time.stepped ? aloud : nothing}</div>
    ${missing(story)}
  </section>`;
}

/** What the instant shown has not: the model, or what was chosen. */
function missing({ time, trouble, now, words, register }: Story): TemplateResult | typeof nothing {
  const own = TIME[register];
  const day = longDate(now, words);
  const said = [trouble === "no-tiles-then" ? own.noModelThen(day) : "", time.gone ? own.goneThen(time.gone[register], day) : ""];
  return html`<p class="lacking warn" role="status">${said.filter(Boolean).join(" ")}</p>`;
}

/** Marks of the moments: long where something became another, short where something was measured; none lies on another. */
function ticks(stops: readonly Stop[], notches: readonly number[]): TemplateResult {
  const taken: number[] = [];
  const path = (long: boolean) =>
    stops
      .flatMap(({ layers, values }, i) => {
        if (layers.length > 0 !== long || !(long || values)) return [];
        const x = (notchOf(notches, i) / (notches.length - 1)) * WIDE;
        if (taken.some((each) => Math.abs(each - x) < APART)) return [];
        taken.push(x);
        return [`M${x.toFixed(1)} ${long ? 0 : HIGH / 2}V${HIGH}`];
      })
      .join("");
  const revised = path(true); // they go before values
  return html`<svg class="ticks" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    ${svg`<path class="measured" d=${path(false)}></path><path class="revised" d=${revised}></path>`}
  </svg>`;
}

/** A stop as people say it: `Samstag, 21. November 2026, 14:00 Uhr`, `jetzt`. */
function spoken({ at, datetime }: Stop, { words, register }: Story): string {
  const own = TIME[register];
  if (datetime === null) return own.atNow;
  return own.on(`${weekdayOf(at, words)}, ${longDate(at, words)}`, clock(at, words));
}

/** What there is at a stop. */
function told({ layers, values }: Stop, { holdings, language, register }: Story): string {
  const own = TIME[register];
  const titles = layers.flatMap((id) => holdings.layer(id)?.title[language] ?? []);
  if (titles.length > MOST_NAMED) return own.revisedMany(titles.length);
  return titles.length > 0 ? own.revised(titles) : values ? own.measured : "";
}

function weekdayOf(at: Date, { weekdays }: Words): string {
  return weekdays[weekday(at)] as string;
}

/** Below the slider: the clock for today, else the day. */
function shortDate(at: Date, now: Date, words: Words): string {
  if (dayNumber(at) === dayNumber(now)) return clock(at, words);
  return format(words.locale, { day: "numeric", month: "short", year: "numeric" }).format(at);
}
