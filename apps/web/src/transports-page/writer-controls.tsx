import { useEffect, useState } from "react";
import { useParts } from "../live/page-parts.tsx";
import { Button } from "../ui/button.tsx";
import { RATES, SteadyWriter, type Rate } from "./steady-writer.ts";
import classes from "./controls.module.css";

/** Writes for who has nobody else writing just now. */
export function WriterControls() {
  const { api } = useParts();
  const [writer] = useState(() => new SteadyWriter(api));
  const [rate, setRate] = useState<Rate>(5);
  const [isWriting, setWriting] = useState(false);
  useEffect(
    () => () => {
      writer.stop();
    },
    [writer],
  );
  const write = (wanted: Rate) => {
    setRate(wanted);
    if (isWriting) writer.start(wanted);
  };
  return (
    <div className={classes.controls}>
      <Button
        kind="primary"
        onClick={() => {
          if (isWriting) writer.stop();
          else writer.start(rate);
          setWriting(!isWriting);
        }}
      >
        {isWriting ? "Stop writing" : "Start writing"}
      </Button>
      <label className={classes.choice}>
        <select
          className={classes.select}
          value={rate}
          onChange={({ currentTarget }) => {
            write(RATES.find((one) => String(one) === currentTarget.value) ?? rate);
          }}
        >
          {RATES.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        {rate === 1 ? "write a second" : "writes a second"}
      </label>
    </div>
  );
}
