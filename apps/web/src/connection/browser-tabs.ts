import type { Candidate, TabGroup } from "@live-orders/client/tab-group";

/**
 * The tabs of this browser that use the same name: they hear each other by a BroadcastChannel, and the one that holds
 * the Web Lock is the reader. Null where the browser has no locks, as on a page that came by plain HTTP from another
 * machine.
 */
export function browserTabs(name: string): TabGroup | null {
  if (!("locks" in navigator) || !("BroadcastChannel" in window)) return null;
  return {
    join: (hear) => {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => {
        hear(data);
      };
      return {
        say: (message) => {
          channel.postMessage(message);
        },
        stand: (candidate, takeOver) => stand(name, candidate, takeOver),
        leave: () => {
          channel.close();
        },
      };
    },
  };
}

function stand(name: string, { elected, ousted }: Candidate, takeOver: boolean): () => void {
  const stop = new AbortController();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = () => {
    if (stop.signal.aborted) return undefined;
    elected();
    return held;
  };
  // A lock that is taken over goes before all who wait, and cannot be called off.
  const how = takeOver ? { steal: true } : { signal: stop.signal };
  navigator.locks.request(name, how, hold).catch(() => {
    // It was called off, or another has taken over.
    if (!stop.signal.aborted) ousted();
  });
  return () => {
    stop.abort();
    release();
  };
}
