import { useEffect, useState, useSyncExternalStore } from "react";
import { useParts } from "../live/page-parts.tsx";
import { TransportsTrial, type TrialFigures } from "./transports-trial.ts";

/** A page that is out of sight holds no connections for longer than this. In ms. */
const OUT_OF_SIGHT = 60_000;

/** The trial of this page, that runs while the page is in sight. */
export function useTrial(): { readonly figures: TrialFigures; readonly cut: (seconds: number) => void } {
  const { api, live } = useParts();
  const [trial] = useState(() => new TransportsTrial({ api, now: () => live.serverNow() }));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") trial.start();
      else
        timer = setTimeout(() => {
          trial.stop();
        }, OUT_OF_SIGHT);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearTimeout(timer);
      trial.stop();
    };
  }, [trial]);
  const figures = useSyncExternalStore(trial.subscribe, trial.figures);
  return {
    figures,
    cut: (seconds) => {
      trial.cut(seconds);
    },
  };
}
