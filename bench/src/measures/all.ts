import type { Measure } from "../measure.ts";
import { ceiling } from "./ceiling.ts";
import { deliveryCost } from "./delivery-cost.ts";
import { fanOut } from "./fan-out.ts";
import { latency } from "./latency.ts";

/** In the order of the tables. */
export const MEASURES: readonly Measure[] = [latency, fanOut, deliveryCost, ceiling];
