import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

/**
 * Tells when the pointer has left the element that the answer is the ref of, also if what lay under the pointer was taken
 * away meanwhile. React's `onPointerLeave` misses that: it waits for a `pointerout`, and what is gone gets none.
 */
export function usePointerLeave<E extends HTMLElement>(onLeave: (element: E) => void): RefObject<E | null> {
  const ref = useRef<E>(null);
  const tell = useEffectEvent(onLeave);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const leave = () => {
      tell(element);
    };
    element.addEventListener("pointerleave", leave);
    return () => {
      element.removeEventListener("pointerleave", leave);
    };
  }, []);
  return ref;
}
