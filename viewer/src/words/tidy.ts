/** Where the service took out what is personal. */
const CUT = "[…]";
/** Full stops that end no sentence: after a number or a common short form. */
const NO_END = String.raw`(?<!\d\.)(?<!(?:^|[^\p{L}])(?:Tel|Fax|Nr|Str|Dr|Hr|Fr|Fa|ca|bzw|ggf|inkl|Abt|Mob|Ing|Dipl|Prof|St|z|B|d|h|u|a)\.)`;
const BOUNDARY = new RegExp(String.raw`(?<=[.!?;]${NO_END})\s+|(?<=,)\s+|\s*\n+\s*`, "u");

/**
 * A source's text for display: clauses that have lost their sense with a name or number cut out are left out.
 * A clause reaches from a sentence's end or a comma to the next.
 */
export function tidy(text: string): string {
  if (!text.includes(CUT)) return text.trim();
  const pieces = text.split(new RegExp(`(${BOUNDARY.source})`, "u"));
  let kept = "";
  for (let i = 0; i < pieces.length; i += 2) {
    const piece = pieces[i] as string;
    if (piece.includes(CUT)) {
      // The sentence ends where its last clause is left out.
      if (/[.!?;]$/.test(piece) && kept.endsWith(",")) kept = `${kept.slice(0, -1)}${piece.at(-1)}`;
      continue;
    }
    kept += kept && piece ? `${/\n/.test(pieces[i - 1] ?? "") ? "\n" : " "}${piece}` : piece;
  }
  return kept.replace(/,$/, "").trim();
}
