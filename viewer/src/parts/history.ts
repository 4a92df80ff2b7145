import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { differences } from "../data/changes.js";
import type { Difference } from "../data/changes.js";
import type { Change, Story } from "../data/chain.js";
import type { Thing } from "../data/types.js";
import { told } from "../words/columns.js";
import { date, lastDay, yearlessDate } from "../words/dates.js";
import { HISTORY } from "../words/history.js";
import type { HistoryWords } from "../words/history.js";
import type { Words } from "../words/index.js";
import { whole } from "../words/numbers.js";

const MOST_LETTERS = 80;

/** What became of a thing: one sentence a change, the newest first. */
export function history({ numberMatched, changes }: Story, thing: Thing, now: Date, words: Words): TemplateResult {
  const speech = HISTORY[words.register];
  const sentences = changes.toReversed().flatMap((each) => sentence(each, thing, now, words) ?? []);
  return html`${changes.length === 1 && changes[0]?.change === "appeared" ? html`<p>${ended(sentences[0] ?? "")} ${speech.none}</p>` : html`<ul class="history">${sentences.map((each) => html`<li>${each}</li>`)}</ul>`}
    ${numberMatched > changes.length ? html`<p class="quiet">${speech.more(whole(changes.length, words), whole(numberMatched, words))}</p>` : nothing}`;
}

/** A change as people say it: "Seit 3. März: Ende auf 30. April verschoben"; null where it concerns nobody. */
export function sentence(change: Change, thing: Thing, now: Date, words: Words): string | null {
  const speech = HISTORY[words.register];
  const from = date(change.from);
  if (!from) return null;
  const day = yearlessDate(from, now, words);
  if (change.change !== "changed") return speech.since(day, speech[change.change]);
  const found = differences(change).map((each) => said(each, thing, now, words, speech));
  return found.length ? speech.since(day, found.join("; ")) : null;
}

function said(what: Difference, thing: Thing, now: Date, words: Words, speech: HistoryWords): string {
  switch (what.kind) {
    case "place":
      return speech.place;
    case "later":
    case "earlier":
      return speech[what.kind][what.column](yearlessDate(what.column === "valid_to" ? lastDay(what.to) : what.to, now, words));
    case "came":
    case "went":
      return speech[what.kind](titleOf(what.column, thing, words), short(what.texts.join(", ")));
    default: {
      const column = thing.layer.columns?.find((each) => each.name === what.column);
      const title = titleOf(what.column, thing, words);
      const text = (value: unknown) => short((column && told(column, value, words)) ?? String(value));
      if (what.kind === "told") return speech.told(title, text(what.after));
      return what.kind === "untold" ? speech.untold(title, text(what.before)) : speech.became(title, text(what.before), text(what.after));
    }
  }
}

function titleOf(name: string, thing: Thing, words: Words): string {
  return thing.layer.columns?.find((each) => each.name === name)?.title[words.language] ?? name;
}

function ended(sentence: string): string {
  return sentence.endsWith(".") ? sentence : `${sentence}.`;
}

function short(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 2)} …` : text;
}
