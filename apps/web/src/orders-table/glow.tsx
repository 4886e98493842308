import { useState } from "react";
import classes from "./glow.module.css";

/**
 * The tint of a cell that others changed at `at` (ms since 1970). Give it `at` as its key: it glows once for each. A
 * row that is laid out in the middle of its glow goes on from there.
 */
export function Glow({ at }: { readonly at: number }) {
  const [elapsed] = useState(() => Math.max(0, Date.now() - at));
  return <span className={classes.glow} data-glow aria-hidden style={{ animationDelay: `${-elapsed}ms` }} />;
}
