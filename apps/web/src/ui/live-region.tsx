import { useSyncExternalStore } from "react";
import { useParts } from "../live/page-parts.tsx";

/** Says politely what others changed, one sentence a burst, to those who do not see the rows glow. */
export function LiveRegion() {
  const { news } = useParts();
  const sentence = useSyncExternalStore(
    (listener) => news.subscribe(listener),
    () => news.sentence(),
  );
  return (
    <div className="visually-hidden" role="status" aria-live="polite" data-testid="news">
      {sentence}
    </div>
  );
}
