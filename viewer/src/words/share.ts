import type { Spoken } from "./register.js";

/** Texts of handing on a link. */
export interface ShareWords {
  share: string;
  copied: string;
  shared: string;
  shown: string;
  link: string;
  withoutPlace: string;
  withPlace: string;
}

export const SHARE: Spoken<ShareWords> = {
  de: {
    share: "Link teilen",
    copied: "Der Link ist kopiert. Er zeigt, was Sie gerade sehen.",
    shared: "Der Link ist weitergegeben.",
    shown: "Kopieren Sie diesen Link:",
    link: "Link zu dieser Ansicht",
    withoutPlace: "Ihr Standort steht nicht im Link.",
    withPlace: "Link mit meinem Standort teilen",
  },
  en: {
    share: "Share link",
    copied: "Link copied. It shows what you see now.",
    shared: "The link has been shared.",
    shown: "Copy this link:",
    link: "Link to this view",
    withoutPlace: "Your position is not in the link.",
    withPlace: "Share a link with my position",
  },
  ls: {
    share: "Link teilen",
    copied: "Der Link ist kopiert. Der Link zeigt das Bild von jetzt.",
    shared: "Der Link ist verschickt.",
    shown: "Kopieren Sie diesen Link:",
    link: "Link zu diesem Bild",
    withoutPlace: "Ihr Ort steht nicht im Link.",
    withPlace: "Link mit meinem Ort teilen",
  },
};
