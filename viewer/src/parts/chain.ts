import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import type { Chain, Changed, Checked, Fetched, Observed, Published, Source } from "../data/chain.js";
import type { Thing } from "../data/types.js";
import { CHAIN } from "../words/chain.js";
import type { ChainWords } from "../words/chain.js";
import { ago, date, longDate, moment } from "../words/dates.js";
import { heightsOf } from "../words/heights.js";
import type { Words } from "../words/index.js";
import { measured, whole } from "../words/numbers.js";
import { plainly, webLink } from "./layers.js";

const MOST_ADDRESSES = 5;

interface Telling {
  thing: Thing;
  now: Date;
  words: Words;
  speech: ChainWords;
}

/** "Woher kommt das?": the five steps of a thing's way, from its publisher to this page. */
export function chain({ since, chain, observation }: Chain, thing: Thing, now: Date, words: Words): TemplateResult {
  const telling = { thing, now, words, speech: CHAIN[words.register] };
  const from = date(since);
  return html`${from ? html`<p>${telling.speech.since(longDate(from, words))}</p>` : nothing} ${observation ? value(observation, telling) : nothing}
    <ol class="chain">
      ${chain.map((each) => html`<li><strong>${telling.speech.steps[each.step]}</strong>${step(each, telling)}</li>`)}
    </ol>`;
}

function step(each: Chain["chain"][number], telling: Telling): TemplateResult {
  switch (each.step) {
    case "source":
      return source(each, telling);
    case "fetched":
      return fetched(each, telling);
    case "changed":
      return changed(each, telling);
    case "checked":
      return checked(each, telling);
    case "published":
      return published(each, telling);
  }
}

function source({ publisher, addresses, licence, attribution }: Source, { words, speech }: Telling): TemplateResult {
  const title = (typeof licence.title === "string" ? licence.title : licence.title?.[words.language]) || licence.id;
  // Asked for in parts, an address differs only in what it asks for.
  const shown = [...new Map(addresses.map((each) => [plainly(each), each]))].slice(0, MOST_ADDRESSES);
  const more = addresses.length - shown.length;
  return html`<p>${publisher ?? words.nothingKnown}</p>
    <dl>
      <dt>${words.address}</dt>
      <dd>
        ${shown.map(([text, each]) => html`${webLink(each, text)}<br />`)}${more > 0 ? speech.more(whole(more, words)) : nothing}
      </dd>
      <dt>${words.licence}</dt>
      <dd>${licence.url ? webLink(licence.url, title) : title}</dd>
      ${attribution ? html`<dt>${words.attribution}</dt><dd>${attribution}</dd>` : nothing}
    </dl>`;
}

function fetched({ at, count, bodies, file }: Fetched, telling: Telling): TemplateResult {
  const { words, speech } = telling;
  const when = told(at, telling);
  const body = file ?? (bodies.length === 1 ? bodies[0] : undefined);
  const named = file && count > 1;
  return html`<p>${count === 1 ? speech.fetchedOne(when) : speech.fetched(when, whole(count, words))}</p>
    ${file?.inside ? html`<p>${speech.inArchive(file.inside, plainly(file.url))}</p>` : named ? html`<p>${speech.inFile(plainly(file.url))}</p>` : nothing}
    ${body
      ? html`<p class="quiet">${speech.checksum(body.sha256 ? "SHA-256" : "BLAKE3")}: <code>${body.sha256 ?? body.blake3}</code>, ${speech.size(whole(body.bytes, words))}</p>`
      : nothing}`;
}

function changed(step: Changed, { thing, words, speech }: Telling): TemplateResult {
  const repaired = Object.values(step.repairs).reduce((sum, each) => sum + each, 0);
  const heights = heightsOf(step, words);
  const columnOf = (name: string) => thing.layer.columns?.find((each) => each.name === name || each.name.replace(/_[a-z0-9]+$/, "") === name);
  const titleOf = (name: string) => columnOf(name)?.title[words.language] ?? (name === "geometry" ? speech.shape : name);
  const lines = [
    ...step.changed.map((each) => each[words.language]),
    ...(step.changed.length ? [] : [words.changedNothing]),
    ...step.derived.map((each) => speech.derived(titleOf(each.of), each.title?.[words.language] ?? each.rule)),
    ...(step.position === "recipe" ? [speech.stated] : []),
    ...(heights ? [heights] : []),
    ...(repaired ? [speech.repairs(whole(repaired, words))] : []),
  ];
  return html`<ul>${lines.map((each) => html`<li>${each}</li>`)}</ul>
    <details>
      <summary>${speech.fields}</summary>
      ${step.columns ? html`<ul>${Object.entries(step.columns).map(([column, from]) => html`<li>${titleOf(column)}: <code>${from}</code></li>`)}</ul>` : nothing}
      <p class="quiet">${speech.recipe}: <code>${step.recipe_sha256}</code></p>
      <p class="quiet">${speech.software}: ${step.software}</p>
    </details>`;
}

function checked({ counts, gate }: Checked, { thing, words, speech }: Telling): TemplateResult {
  const count = (name: keyof Checked["counts"]) => whole(counts[name] ?? 0, words);
  // A field of the source that is no column of ours says nothing to a person.
  const titleOf = (name: string) => thing.layer.columns?.find((each) => each.name === name)?.title[words.language] ?? null;
  return html`<p>
      ${words.countsLine({ in: count("in"), published: count("published"), held: count("held"), broken: count("broken"), duplicate: count("duplicate") })}.
    </p>
    ${gate.length
      ? html`<ul>
          ${gate.map((each) => html`<li>${speech.gate(each.title[words.language], whole(each.count, words), titleOf(each.column), each.reason[words.language])}</li>`)}
        </ul>`
      : html`<p>${speech.passed}</p>`}`;
}

function published({ revision, published_at, holds_from, digest }: Published, telling: Telling): TemplateResult {
  const { words, speech } = telling;
  const from = date(holds_from);
  return html`<p>${speech.revision(String(Number(revision)), told(published_at, telling))} ${from ? speech.holds(longDate(from, words)) : nothing}</p>
    <p class="quiet">${speech.checksum("SHA-256")}: <code>${digest}</code></p>`;
}

/** When the newest value reached us, and whether it was corrected since. */
function value({ property, observed_at, versions }: Observed, { thing, now, words, speech }: Telling): TemplateResult | typeof nothing {
  const at = date(observed_at);
  const [last] = versions.slice(-1);
  const recorded = date(last?.recorded_at);
  if (!at || !last || last.value === null || !recorded) return nothing;
  const title = thing.layer.properties.find((each) => each.name === property)?.title[words.language] ?? property;
  return html`<p>
    ${speech.value(title, measured(last.value, last.unit, words), moment(at, now, words))} ${speech.recorded(moment(recorded, now, words))}
    ${versions.length > 1 ? speech.versions(whole(versions.length, words)) : nothing}
  </p>`;
}

/** `heute, 18:12 Uhr (vor 4 Minuten)`. */
function told(text: string, { now, words }: Telling): string {
  const at = date(text);
  return at ? `${moment(at, now, words)} (${ago(at, now, words)})` : text;
}
