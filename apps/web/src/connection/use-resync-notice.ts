import { useEffect } from "react";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import { resyncWord } from "./connection-look.ts";

/** Tells a person when what was shown became void and was read afresh. */
export function useResyncNotice(): void {
  const { toasts } = useParts();
  const { count, reason } = useLiveStatus().resyncs;
  useEffect(() => {
    if (count > 0 && reason !== null)
      toasts.show({ tone: "notice", text: `Resynced. ${resyncWord(reason)}` });
  }, [toasts, count, reason]);
}
