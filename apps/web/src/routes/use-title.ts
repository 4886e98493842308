import { useEffect, useSyncExternalStore } from "react";
import { useParts } from "../live/page-parts.tsx";
import { grouped } from "../ui/grouped-number.ts";

/** The tab's title, with the count of orders that are new since the person last saw the list. */
export function useTitle(name: string): void {
  const { news, rows } = useParts();
  const unseen = useSyncExternalStore(
    (listener) => news.subscribe(listener),
    () => news.unseen(),
  );
  const waiting = useSyncExternalStore(
    (listener) => rows.subscribe(listener),
    () => rows.waiting(),
  );
  const count = Math.max(unseen, waiting);
  useEffect(() => {
    document.title = `${count > 0 ? `(${grouped(count)}) ` : ""}${name} · Live Orders`;
  }, [count, name]);

  useEffect(() => {
    const look = () => {
      news.look(document.visibilityState === "visible");
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
    };
  }, [news]);
}
