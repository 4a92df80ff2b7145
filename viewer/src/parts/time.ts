import type { TemplateResult } from "lit";
import { html, nothing, svg } from "lit";
import type { Stop } from "../state/stops.js";
import type { Story } from "../story.js";
import { clock, dayNumber, format, longDate, yearlessDate } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { TIME } from "../words/time.js";
import { icon } from "./icons.js";

/** Width of the drawing of ticks; it is stretched to that of the slider. */
const WIDE = 1000;
const HIGH = 10;
/** Named are at most so many layers that have something new. */
const MOST_NAMED = 3;
const PLACES = [0, 1 / 3, 2 / 3];
/** So few stops need no words between them. */
const FEW = 6;

/** The one time of all that is shown: a slider over the dates with data, play, and the way back to now. */
export function timeBar(story: Story): TemplateResult | typeof nothing {
  const { time, words } = story;
  const { stops, place, playing } = time;
  if (stops.length < 2) return nothing;
  const own = TIME[story.register];
  const stop = stops[place] as Stop;
  const moved = (act: (place: number) => void) => (event: Event) => act(Number((event.target as HTMLInputElement).value));
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
      <p class="moment" aria-hidden="true">
        <strong>${stop.datetime === null ? own.today(yearlessDate(stop.at, stop.at, words)) : spoken(stop, story)}</strong>
        <span class="quiet">${time.moving ? own.moving : told(stop, story)}</span>
      </p>
      <div class="rail">
        ${ticks(stops)}
        <input
          id="time"
          type="range"
          min="0"
          max=${stops.length - 1}
          step="1"
          .value=${String(place)}
          aria-label=${own.slider}
          aria-valuetext=${[spoken(stop, story), told(stop, story)].filter(Boolean).join(", ")}
          @input=${moved((each) => time.hold(each))}
          @change=${moved((each) => time.release(each))}
        />
      </div>
      <p class="ends quiet" aria-hidden="true">
        ${(stops.length > FEW ? PLACES : [0]).map((part) => html`<span>${shortDate((stops[Math.round(part * (stops.length - 1))] as Stop).at, story.service.clock.now, words)}</span>`)}
        <span></span>
      </p>
    </div>
    <button type="button" class="now" ?disabled=${stop.datetime === null && time.asked === null} @click=${() => time.now()}>${own.now}</button>
    <div class="unseen" role="status">${playing ? [spoken(stop, story), told(stop, story)].filter(Boolean).join(", ") : nothing}</div>
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

/** A mark for each moment: long where something became another, short where something was measured. */
function ticks(stops: readonly Stop[]): TemplateResult {
  const x = (i: number) => ((i / (stops.length - 1)) * WIDE).toFixed(1);
  const path = (long: boolean) => {
    const mine = stops.flatMap((each, i) => (each.layers.length > 0 === long && (long || each.values) ? [`M${x(i)} ${long ? 0 : HIGH / 2}V${HIGH}`] : []));
    return mine.join("");
  };
  return html`<svg class="ticks" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    ${svg`<path class="measured" d=${path(false)}></path><path class="revised" d=${path(true)}></path>`}
  </svg>`;
}

/** A stop as people say it: `Samstag, 21. November 2026, 14:00 Uhr`, `jetzt`. */
function spoken({ at, datetime }: Stop, { words, register }: Story): string {
  const own = TIME[register];
  if (datetime === null) return own.atNow;
  return own.on(dayOf(at, words), clock(at, words));
}

/** What there is at a stop. */
function told({ layers, values }: Stop, { holdings, language, register }: Story): string {
  const own = TIME[register];
  const titles = layers.flatMap((id) => holdings.layer(id)?.title[language] ?? []);
  if (titles.length > MOST_NAMED) return own.revisedMany(titles.length);
  return titles.length > 0 ? own.revised(titles) : values ? own.measured : "";
}

function dayOf(at: Date, words: Words): string {
  const weekday = format(words.locale, { weekday: "long" }).format(at);
  return `${weekday}, ${longDate(at, words)}`;
}

/** Below the slider: the clock for today, else the day. */
function shortDate(at: Date, now: Date, words: Words): string {
  if (dayNumber(at) === dayNumber(now)) return clock(at, words);
  return format(words.locale, { day: "numeric", month: "short", year: "2-digit" }).format(at);
}
