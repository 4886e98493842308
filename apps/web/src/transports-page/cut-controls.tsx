import { useState } from "react";
import { Button } from "../ui/button.tsx";
import type { CutState } from "./line-cut.ts";
import classes from "./controls.module.css";

const SECONDS = [2, 5, 15] as const;

/** Cuts every lane for some seconds. */
export function CutControls({
  cut,
  onCut,
}: {
  readonly cut: CutState;
  readonly onCut: (seconds: number) => void;
}) {
  const [seconds, setSeconds] = useState<number>(5);
  return (
    <div className={classes.controls}>
      <Button
        busy={cut.kind === "cut" || cut.kind === "catching-up"}
        onClick={() => {
          onCut(seconds);
        }}
      >
        Cut every line
      </Button>
      <label className={classes.choice}>
        for
        <select
          className={classes.select}
          value={seconds}
          onChange={({ currentTarget }) => {
            setSeconds(Number(currentTarget.value));
          }}
        >
          {SECONDS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        seconds
      </label>
    </div>
  );
}
