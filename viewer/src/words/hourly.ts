import type { Spoken } from "./register.js";

/** Texts of how often something goes in each hour of a usual weekday. */
export interface HourlyWords {
  title: string;
  /** What is counted, by the column. */
  counted: Record<"departures_by_hour" | "trips_by_hour", string>;
  /** In the hour that it is now, and in the busiest one. */
  now: (hour: string, count: string, what: string) => string;
  most: (hour: string, count: string) => string;
  table: string;
}

export const HOURLY: Spoken<HourlyWords> = {
  de: {
    title: "Nach Fahrplan an einem Werktag",
    counted: { departures_by_hour: "Abfahrten", trips_by_hour: "Fahrten" },
    now: (hour, count, what) => `${what} von ${hour}: ${count}.`,
    most: (hour, count) => `Am meisten von ${hour}: ${count}.`,
    table: "Als Tabelle: in jeder Stunde",
  },
  en: {
    title: "By timetable on a weekday",
    counted: { departures_by_hour: "Departures", trips_by_hour: "Trips" },
    now: (hour, count, what) => `${what} from ${hour}: ${count}.`,
    most: (hour, count) => `Most from ${hour}: ${count}.`,
    table: "As a table: in each hour",
  },
  ls: {
    title: "Das steht im Fahr-Plan",
    counted: { departures_by_hour: "Abfahrten", trips_by_hour: "Fahrten" },
    now: (hour, count, what) => `Von Montag bis Freitag: ${what} von ${hour}: ${count}.`,
    most: (hour, count) => `Die meisten sind von ${hour}. Es sind ${count}.`,
    table: "Als Tabelle",
  },
};
