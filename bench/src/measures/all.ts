import type { Measure } from "../measure.ts";
import { catchUp } from "./catch-up.ts";
import { ceiling } from "./ceiling.ts";
import { cut } from "./cut.ts";
import { deliveryCost } from "./delivery-cost.ts";
import { fanOut } from "./fan-out.ts";
import { herd } from "./herd.ts";
import { idleCpu } from "./idle-cpu.ts";
import { idleMemory } from "./idle-memory.ts";
import { importing } from "./import.ts";
import { latency } from "./latency.ts";
import { pages } from "./pages.ts";
import { web, webHeap } from "./web.ts";

/** In the order of the tables. */
export const MEASURES: readonly Measure[] = [
  latency,
  fanOut,
  deliveryCost,
  ceiling,
  idleMemory,
  idleCpu,
  cut,
  herd,
  catchUp,
  pages,
  importing,
  web,
  webHeap,
];
