const OTHERS: Record<string, string> = { ß: "ss", æ: "a", œ: "o", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
/** A street by any ending that people write or have begun to write: glued to its name, as in "Leopoldstr". */
const STREET = /[\s-]*str(?:\.|a(?:s(?:se?)?)?)?(?!\p{L})/gu;
const SQUARE = /[\s-]*pl(?:\.|atz)(?!\p{L})/gu;
const SAINT = /(?<!\p{L})(?:sankt|st\.)(?!\p{L})/gu;

/**
 * A text as searches compare it: without case and accents, umlauts however written (`ä`, `ae`, `a`), `ß` as `ss`,
 * one form for each way to write a street, a square or a saint; words parted by single blanks.
 */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[ßæœøłđðþı]/gu, (letter) => OTHERS[letter] as string)
    .replace(/([aou])e/gu, "$1")
    .replace(SAINT, "st ")
    .replace(STREET, "str ")
    .replace(SQUARE, "platz ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Which letters and digits a word has, one bit for each: what a wrong letter cannot explain is told apart at once. */
export function lettersOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code !== 32) bits |= 1 << (code >= 97 && code <= 122 ? code - 97 : 26 + (code % 5));
  }
  return bits;
}

/** Whether so few letters are missing that one wrong one explains it. */
export function oneApart(asked: number, there: number): boolean {
  const missing = asked & ~there;
  return (missing & (missing - 1)) === 0;
}

/**
 * Whether a word begins as the asked one does, but for one letter that is wrong, too many, missing or swapped with its
 * neighbour. The first letter of short words has to be right.
 */
export function beginsAlmost(word: string, asked: string): boolean {
  let same = 0;
  while (same < asked.length && word[same] === asked[same]) same++;
  if (same === asked.length) return true;
  if (same === 0 && asked.length < 6) return false;
  const rest = (from: number, other: number) => word.startsWith(asked.slice(other), from);
  if (rest(same + 1, same + 1) && word.length > same) return true; // wrong
  if (rest(same, same + 1)) return true; // too many
  if (rest(same + 1, same)) return true; // missing
  return word[same] === asked[same + 1] && word[same + 1] === asked[same] && rest(same + 2, same + 2);
}
