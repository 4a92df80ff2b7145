import { bearing } from "./places.js";

/** What a direction of the compass begins with, as sources write it: degrees clockwise from north. */
const COMPASS: readonly (readonly [RegExp, number])[] = [
  [/^(nord-?ost|north-?east|(no|ne)$)/, 45],
  [/^(nord-?west|north-?west|nw$)/, 315],
  [/^(s(ü|ue)d-?ost|south-?east|(so|se)$)/, 135],
  [/^(s(ü|ue)d-?west|south-?west|sw$)/, 225],
  [/^(nord|north|n$)/, 0],
  [/^(ost|east|[oe]$)/, 90],
  [/^(s(ü|ue)d|south|s$)/, 180],
  [/^(west|w$)/, 270],
];
const TOWARDS = /^(in )?(fahrt)?(richtung|nach|towards?|to)[ :]+/;
const END = /^(nord|north|ost|east|s(ü|ue)d|south|west|[nosew]|-)+(en|w(ä|ae)rts|wards?|bound)?$/;
const INTO = /^(stadteinw(ä|ae)rts|inbound|stadtmitte|(stadt)?zentrum|(city )?cent(re|er))$/;
const OUT = /^(stadtausw(ä|ae)rts|outbound)$/;

interface Place {
  lon: number;
  lat: number;
}

/**
 * Where a direction leads that a source names in words, degrees clockwise from north: by the compass, or into the city
 * and out of it, as its heart lies from there. Null where the words do not say.
 */
export function wayOf(name: string, from: Place, heart: Place): number | null {
  const words = name.trim().toLowerCase().replace(TOWARDS, "");
  if (INTO.test(words)) return bearing(from, heart);
  if (OUT.test(words)) return bearing(heart, from);
  return END.test(words) ? (COMPASS.find(([begins]) => begins.test(words))?.[1] ?? null) : null;
}
