import type { View } from "./address.js";
import { writeFragment } from "./address.js";

/** What became of a link: handed to the system's own sharing, copied, or only shown. */
export type Outcome = "shared" | "copied" | "shown";

/** Hand a link on by what the browser offers; null where the visitor thought better of it. No third party is asked. */
export async function share(link: string, title: string): Promise<Outcome | null> {
  const { share: hand, clipboard } = navigator as { share?: (data: ShareData) => Promise<void>; clipboard?: Clipboard };
  if (hand && matchMedia("(pointer: coarse)").matches) {
    try {
      await hand.call(navigator, { url: link, title });
      return "shared";
    } catch (error) {
      if ((error as Error).name === "AbortError") return null;
    }
  }
  try {
    if (!clipboard) return "shown";
    await clipboard.writeText(link);
    return "copied";
  } catch {
    return "shown"; // the page may not write: the visitor copies by hand
  }
}

/** A link with this view in place of the one it has. */
export function withView(link: string, view: View): string {
  const url = new URL(link);
  const fragment = new URLSearchParams(writeFragment({ view }).slice(1));
  const rest = url.hash.slice(1).split("&").filter((each) => each && !each.startsWith("view="));
  url.hash = [`view=${fragment.get("view")}`, ...rest].join("&");
  return url.href;
}
