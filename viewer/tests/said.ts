import { nothing } from "lit";
import type { TemplateResult } from "lit";

/** The words of a part as they would be read, without drawing it: its template's text and values, tags left out. */
export function said(part: unknown): string {
  return markup(part)
    .replace(/<(?:svg|style)[^]*?<\/(?:svg|style)>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** The markup of a part; listeners and other functions say nothing. */
export function markup(part: unknown): string {
  if (part === nothing || part === null || part === undefined || typeof part === "function") return "";
  if (Array.isArray(part)) return part.map(markup).join("");
  if (typeof part !== "object") return String(part);
  const { strings, values } = part as TemplateResult;
  return strings ? strings.map((text, i) => text + (i < values.length ? markup(values[i]) : "")).join("") : "";
}
