import { useEffect, useEffectEvent, useRef } from "react";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));

/** A dialog that was just closed keeps the focus until the next frame: its keys are already the page's. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("[role=menu], dialog[open]") !== null;

/** Runs the key's deed, unless the person is typing, in a menu, or holds a modifier down. */
export function useShortcuts(deeds: Readonly<Record<string, () => void>>, enabled: boolean): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || isElsewhere(event.target)) return;
    const deed = deeds[event.key];
    if (deed === undefined) return;
    event.preventDefault();
    deed();
  });
  useEffect(() => {
    if (!enabled) return;
    const listener = (event: KeyboardEvent) => {
      onKey(event);
    };
    document.addEventListener("keydown", listener);
    return () => {
      document.removeEventListener("keydown", listener);
    };
  }, [enabled]);
}

/** Runs the deed of the key together with Ctrl or Cmd, wherever the focus is. */
export function useCommandKey(key: string, deed: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== key || event.altKey || event.shiftKey) return;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    deed();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      onKey(event);
    };
    document.addEventListener("keydown", listener, { capture: true });
    return () => {
      document.removeEventListener("keydown", listener, { capture: true });
    };
  }, []);
}

/** How long the second key of a sequence may take, in milliseconds. */
const SEQUENCE = 1500;

/** Runs the deed of the key that follows `prefix`, before any other shortcut sees that key. */
export function useKeySequence(
  prefix: string,
  deeds: Readonly<Record<string, () => void>>,
  enabled: boolean,
): void {
  const begun = useRef(Number.NEGATIVE_INFINITY);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || isElsewhere(event.target)) return;
    const deed = event.timeStamp - begun.current < SEQUENCE ? deeds[event.key] : undefined;
    begun.current = event.key === prefix ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (deed === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  });
  useEffect(() => {
    if (!enabled) return;
    const listener = (event: KeyboardEvent) => {
      onKey(event);
    };
    document.addEventListener("keydown", listener, { capture: true });
    return () => {
      document.removeEventListener("keydown", listener, { capture: true });
    };
  }, [enabled]);
}
