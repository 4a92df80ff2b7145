import { describe, expect, it } from "vitest";
import { Then, ago, beginning, dayNumber, ended, lastDay, moment, monday, sinceMoment, sinceSpan, weekday } from "../src/words/dates.js";
import { WORDS } from "../src/words/index.js";

const { de, en } = WORDS;
const now = new Date("2026-11-24T13:30:00Z"); // a Tuesday, 14:30 in Munich

describe("dates as people say them", () => {
  it("counts midnights in the city, not hours", () => {
    expect(dayNumber(new Date("2026-11-24T00:10:00+01:00")) - dayNumber(new Date("2026-11-23T23:50:00+01:00"))).toBe(1);
    expect(dayNumber(new Date("2026-11-23T23:30:00Z"))).toBe(dayNumber(now));
  });

  it("knows weekdays and the week's Monday", () => {
    expect(weekday(now)).toBe(2);
    expect(dayNumber(now) - monday(now)).toBe(1);
    expect(monday(new Date("2026-11-22T12:00:00Z"))).toBe(dayNumber(new Date("2026-11-16T12:00:00Z")));
  });

  it("knows that an end at midnight is that of the day before", () => {
    const midnight = new Date("2026-11-24T00:00:00+01:00");
    expect(dayNumber(midnight) - dayNumber(lastDay(midnight))).toBe(1);
    expect(dayNumber(lastDay(now))).toBe(dayNumber(now));
  });

  it("says moments", () => {
    expect(moment(new Date("2026-11-24T13:00:00Z"), now, de)).toBe("heute, 14:00 Uhr");
    expect(moment(new Date("2026-11-23T17:00:00Z"), now, de)).toBe("gestern, 18:00 Uhr");
    expect(moment(new Date("2026-11-23T17:00:00Z"), now, en)).toBe("yesterday, 18:00");
    expect(moment(new Date("2026-10-01T17:00:00Z"), now, de)).toBe("1.\u00a0Oktober 2026");
    expect(sinceMoment(new Date("2026-11-23T17:00:00Z"), now, de)).toBe("gestern 18:00");
    expect(sinceMoment(new Date("2026-10-03T17:00:00Z"), now, de)).toBe("dem 3.\u00a0Oktober 2026");
  });

  it("calls no day of the past today, yesterday or tomorrow", () => {
    const then = new Then("2026-10-11T12:00:00Z");
    const morning = new Date("2026-10-11T07:45:00Z");
    expect(moment(morning, then, de)).toBe("11.\u00a0Oktober 2026, 09:45 Uhr");
    expect(moment(new Date("2026-10-10T16:00:00Z"), then, de)).toBe("10.\u00a0Oktober 2026, 18:00 Uhr");
    expect(moment(morning, then, en)).toBe("11\u00a0October 2026, 09:45");
    expect(moment(new Date("2026-09-20T07:00:00Z"), then, de)).toBe("20.\u00a0September 2026");
    expect(sinceMoment(new Date("2026-10-10T16:00:00Z"), then, de)).toBe("dem 10.\u00a0Oktober 2026");
    expect(sinceSpan(morning, then, de)).toBe("seit dem 11.\u00a0Oktober 2026");
    expect(sinceSpan(new Date("2026-10-10T16:00:00Z"), then, de)).toBe("seit dem 10.\u00a0Oktober 2026");
    expect(ended(new Date("2026-10-10T16:00:00Z"), then, en)).toBe("on 10\u00a0October 2026");
    expect(beginning(new Date("2026-10-12T07:00:00Z"), then, de)).toBe("am 12.\u00a0Oktober 2026");
    expect(sinceSpan(new Date("2026-09-20T07:00:00Z"), then, de)).toBe("seit 3 Wochen");
  });

  it("says ages", () => {
    expect(ago(new Date(now.getTime() - 4 * 60_000), now, de)).toBe("vor 4 Minuten");
    expect(ago(new Date(now.getTime() - 3_600_000), now, en)).toBe("1 hour ago");
    expect(ago(new Date(now.getTime() - 30_000), now, en)).toBe("just now");
    expect(ago(new Date(now.getTime() + 60_000), now, de)).toBe("gerade eben"); // a clock that is wrong
  });

  it("says spans, in the dative", () => {
    const days = (n: number) => new Date(now.getTime() + n * 86_400_000);
    expect(sinceSpan(days(-21), now, de)).toBe("seit 3 Wochen");
    expect(sinceSpan(days(-1), now, de)).toBe("seit gestern");
    expect(sinceSpan(days(-800), now, en)).toBe("for 2 years");
    expect(beginning(days(1), now, de)).toBe("morgen");
    expect(beginning(days(5), now, de)).toBe("in 5 Tagen");
    expect(beginning(days(90), now, en)).toBe("in 3 months");
    expect(ended(days(-30), now, en)).toBe("4 weeks ago");
    expect(ended(days(-1), now, de)).toBe("seit gestern");
  });
});
