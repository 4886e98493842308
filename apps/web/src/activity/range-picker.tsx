import { activityRangeSchema, type ActivityRange } from "@live-orders/protocol/http-activity";
import { useId } from "react";
import classes from "./range-picker.module.css";

export const RANGE_WORDS: Readonly<Record<ActivityRange, { readonly short: string; readonly long: string }>> =
  {
    "15m": { short: "15 min", long: "the last 15 minutes" },
    "1h": { short: "1 hour", long: "the last hour" },
    "6h": { short: "6 hours", long: "the last 6 hours" },
    "24h": { short: "24 hours", long: "the last 24 hours" },
  };

interface RangePickerProps {
  readonly range: ActivityRange;
  readonly onPick: (range: ActivityRange) => void;
}

/** How far back the page looks. */
export function RangePicker({ range, onPick }: RangePickerProps) {
  const name = useId();
  return (
    <fieldset className={classes.ranges}>
      <legend className="visually-hidden">How far back</legend>
      {activityRangeSchema.options.map((one) => (
        <label key={one} className={classes.range} data-picked={one === range}>
          <input
            type="radio"
            className={classes.input}
            name={name}
            checked={one === range}
            onChange={() => {
              onPick(one);
            }}
          />
          {RANGE_WORDS[one].short}
        </label>
      ))}
    </fieldset>
  );
}
