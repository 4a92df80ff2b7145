import { CityTwin } from "./city-twin.js";

if (!customElements.get("city-twin")) customElements.define("city-twin", CityTwin);

export { CityTwin };
