/** A value that the law or the World Health Organization names for a substance in the air. */
export interface Limit {
  value: number;
  unit: string;
  /** Over what time it is a mean, which is also how it is called. */
  over: "hour" | "eight-hours" | "day" | "year" | "alert";
}

/**
 * Limit values of Directive 2008/50/EC, annexes VII, XI and XII (in Germany: 39. BImSchV): nitrogen dioxide and sulphur
 * dioxide by the hour, fine dust by the day and by the year, carbon monoxide over eight hours; of ozone the
 * threshold from which the public is informed.
 */
const LIMITS: Record<string, Limit> = {
  no2: { value: 200, unit: "ug/m3", over: "hour" },
  so2: { value: 350, unit: "ug/m3", over: "hour" },
  pm10: { value: 50, unit: "ug/m3", over: "day" },
  pm2_5: { value: 25, unit: "ug/m3", over: "year" },
  o3: { value: 180, unit: "ug/m3", over: "alert" },
  co: { value: 10, unit: "mg/m3", over: "eight-hours" },
};

/** The limit of a substance, if it is told in the same unit; null where none is known. */
export function limitOf(property: string, unit: string): Limit | null {
  const limit = LIMITS[property];
  return limit?.unit === unit ? limit : null;
}
