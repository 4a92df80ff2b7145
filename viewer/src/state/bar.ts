import { readAddress, writeFragment } from "./address.js";
import type { Address } from "./address.js";

/** Whose entry of the browser's history this is, and whether the list was opened with it. */
interface Entry {
  cityTwin: "list" | "time" | "page";
}

/** Where the state of an element is kept. */
export interface Bar {
  /** Whether the entry was made by the visitor's hand, or by a link. */
  readonly typed: boolean;
  /** Whether the entry is the one that the list was opened with. */
  readonly listed: boolean;
  /** An address that shows the same to somebody else. */
  readonly link: string;
  read(): Address;
  /** Say what is shown, in the entry that is there. */
  write(address: Address): void;
  /** From here the way back leads to what was shown before. */
  enter(what: Entry["cityTwin"]): void;
  /** The entry that is there is ours. */
  own(): void;
  back(): void;
}

/** The browser's address bar and its history, for the element that has the page to itself: a link to what is shown. */
export class AddressBar implements Bar {
  read(): Address {
    return readAddress(location);
  }

  /** Say what is shown, in the entry that is there. */
  write(address: Address): void {
    const told = link(address);
    if (told !== here()) history.replaceState(history.state, "", told);
  }

  /** From here the browser's way back leads to what was shown before. */
  enter(what: Entry["cityTwin"]): void {
    history.pushState({ cityTwin: what } satisfies Entry, "");
  }

  /** The entry that is there is ours: one without a mark was typed or followed by the visitor. */
  own(): void {
    if (this.typed) history.replaceState({ cityTwin: "page" } satisfies Entry, "");
  }

  /** Whether the entry was made by the visitor's hand, or by a link. */
  get typed(): boolean {
    return entered() === null;
  }

  /** Whether the entry is the one that the list was opened with. */
  get listed(): boolean {
    return entered() === "list";
  }

  back(): void {
    history.back();
  }

  get link(): string {
    return location.href;
  }
}

function entered(): Entry["cityTwin"] | null {
  return (history.state as Entry | null)?.cityTwin ?? null;
}

function here(): string {
  return `${location.pathname}${location.search}${location.hash}`;
}

/** Path, query and fragment: of the query only the instant is ours. */
function link(address: Address): string {
  const query = new URLSearchParams(location.search);
  if (query.get("datetime") !== (address.datetime ?? null)) {
    if (address.datetime) query.set("datetime", address.datetime);
    else query.delete("datetime");
  } else return `${location.pathname}${location.search}${writeFragment(address)}`;
  const search = query.toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return `${location.pathname}${search ? `?${search}` : ""}${writeFragment(address)}`;
}
