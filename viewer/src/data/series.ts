import type { Service } from "./service.js";

/** One value and the instant (milliseconds) that it was observed at. */
export interface Reading {
  at: number;
  value: number;
}

/** A request answers with at most this many values. */
const MOST = 10_000;

interface Tables {
  value: { components: string[]; dataArray: [string, number | null][] }[];
}

interface Streams {
  value: { "@iot.id": string; Observations?: { phenomenonTime: string; result: number | null }[] }[];
}

/** A station in an address of SensorThings. */
function named(id: string): string {
  return encodeURIComponent(`'${id.replaceAll("'", "''")}'`);
}

function during(from: Date, to: Date): string {
  return `phenomenonTime ge ${from.toISOString()} and phenomenonTime le ${to.toISOString()}`;
}

/** The values of one property of a station, the oldest first; of more than 10,000 the newest. */
export async function seriesOf(service: Service, layer: string, station: string, property: string, from: Date, to: Date): Promise<Reading[]> {
  const tables = await service.json<Tables>(`sta/v1.1/Datastreams(${named(`${layer}:${station}:${property}`)})/Observations`, {
    $resultFormat: "dataArray",
    $select: "phenomenonTime,result",
    $top: String(MOST),
    $orderby: "phenomenonTime desc",
    $filter: during(from, to),
  });
  const readings = tables.value.flatMap((each) => each.dataArray.flatMap(([time, result]) => reading(time, result)));
  return readings.reverse();
}

/** The values of all properties of a station by their names, the oldest first: one request. */
export async function allSeriesOf(service: Service, layer: string, station: string, from: Date, to: Date): Promise<Map<string, Reading[]>> {
  const thing = `${layer}:${station}`;
  const streams = await service.json<Streams>(`sta/v1.1/Things(${named(thing)})/Datastreams`, {
    $select: "id",
    $expand: `Observations($select=phenomenonTime,result;$top=1000;$orderby=phenomenonTime;$filter=${during(from, to)})`,
  });
  return new Map(
    streams.value.map((each) => [each["@iot.id"].slice(thing.length + 1), (each.Observations ?? []).flatMap(({ phenomenonTime, result }) => reading(phenomenonTime, result))]),
  );
}

/** An interval's value stands at its beginning. */
function reading(time: string, value: number | null): Reading[] {
  const at = Date.parse(time.split("/")[0] as string);
  return Number.isFinite(at) && typeof value === "number" && Number.isFinite(value) ? [{ at, value }] : [];
}
