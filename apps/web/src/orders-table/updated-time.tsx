import type { LiveRow } from "@live-orders/client/live-orders";
import { exactTime, relativeTime } from "../ui/relative-time.ts";
import { useNow } from "../ui/use-now.ts";
import classes from "./order-row.module.css";

const SAVING = { create: "Creating", restore: "Putting back", edit: "Saving", remove: "Deleting" } as const;

interface UpdatedTimeProps {
  readonly at: string;
  readonly saving: LiveRow["saving"];
  readonly waiting: boolean;
}

export function UpdatedTime({ at, saving, waiting }: UpdatedTimeProps) {
  const now = useNow(10);
  if (saving !== null) return <span className={classes.time}>{waiting ? "Waiting" : SAVING[saving]}</span>;
  const then = Date.parse(at);
  return (
    <time className={classes.time} dateTime={at} title={exactTime(then)}>
      {relativeTime(then, now)}
    </time>
  );
}
