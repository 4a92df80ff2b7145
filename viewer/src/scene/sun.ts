const RAD = Math.PI / 180;
/** So far below the horizon the sun gives no light: a map light from the south-west takes over. */
const DOWN = -6;
const MAP_LIGHT = { azimuth: 225, altitude: 42 };
/** Drawn never lower than this, or long shadows would be all that is seen. */
const FLATTEST = 8;

/**
 * Where the sun stands, in degrees: azimuth clockwise from north, altitude above the horizon.
 *
 * After the low-precision formulas of the Astronomical Almanac (about 0.01° until 2050).
 */
export function sun(at: Date, lon: number, lat: number): { azimuth: number; altitude: number } {
  const days = at.getTime() / 86_400_000 - 10_957.5; // since 2000-01-01 12:00 UTC
  const anomaly = (357.528 + 0.985_600_3 * days) * RAD;
  const ecliptic = (280.46 + 0.985_647_4 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RAD;
  const tilt = (23.439 - 0.000_000_4 * days) * RAD;
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(tilt) * Math.sin(ecliptic));
  const sidereal = (280.460_618_37 + 360.985_647_366_29 * days + lon) * RAD;
  const hour = sidereal - ascension;
  const altitude = Math.asin(
    Math.sin(lat * RAD) * Math.sin(declination) + Math.cos(lat * RAD) * Math.cos(declination) * Math.cos(hour),
  );
  const azimuth = Math.atan2(
    -Math.sin(hour),
    Math.tan(declination) * Math.cos(lat * RAD) - Math.sin(lat * RAD) * Math.cos(hour),
  );
  return { azimuth: ((azimuth / RAD) % 360 + 360) % 360, altitude: altitude / RAD };
}

/** The light to draw with: the sun and its last glow, not quite as flat as it is; by night a map maker's. `height` is the sun's own. */
export function light(at: Date, lon: number, lat: number): { azimuth: number; altitude: number; height: number } {
  const { azimuth, altitude: height } = sun(at, lon, lat);
  return height < DOWN ? { ...MAP_LIGHT, height } : { azimuth, altitude: Math.max(FLATTEST, height), height };
}
