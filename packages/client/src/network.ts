/** Whether the machine says that it has a network. It may be wrong both ways: a server on the same machine needs none. */
export interface Network {
  online(): boolean;
  /** Told when it changes; the answer ends it. */
  subscribe(listener: () => void): () => void;
}

/** Where nothing is known, as in Node. */
export const alwaysOnline: Network = { online: () => true, subscribe: () => () => undefined };

/** The browser's own word (`navigator.onLine`, events `online` and `offline`), where there is one. */
export function browserNetwork(scope: object = globalThis): Network {
  if (!(scope instanceof EventTarget) || !("navigator" in scope)) return alwaysOnline;
  const { navigator } = scope;
  if (typeof navigator !== "object" || navigator === null || !("onLine" in navigator)) return alwaysOnline;
  return {
    online: () => navigator.onLine !== false,
    subscribe: (listener) => {
      scope.addEventListener("online", listener);
      scope.addEventListener("offline", listener);
      return () => {
        scope.removeEventListener("online", listener);
        scope.removeEventListener("offline", listener);
      };
    },
  };
}
