import { useRef, type MouseEvent, type PointerEvent } from "react";

/** How long a finger must rest, in milliseconds, and how far it may stray meanwhile, in px. */
const REST = 450;
const STRAY = 10;

interface Touch {
  readonly x: number;
  readonly y: number;
  readonly timer: ReturnType<typeof setTimeout>;
  held: boolean;
}

/** Handlers of an element that tell when a finger rests on something in it; the press that would follow is left out. */
export function useTouchHold(onHold: (target: Element) => void) {
  const touch = useRef<Touch | null>(null);
  const end = () => {
    if (touch.current !== null) clearTimeout(touch.current.timer);
  };
  return {
    onPointerDown: ({ pointerType, target, clientX, clientY }: PointerEvent) => {
      end();
      touch.current = null;
      if (pointerType !== "touch" || !(target instanceof Element)) return;
      const timer = setTimeout(() => {
        if (touch.current !== null) touch.current.held = true;
        onHold(target);
      }, REST);
      touch.current = { x: clientX, y: clientY, timer, held: false };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const now = touch.current;
      if (now !== null && Math.hypot(clientX - now.x, clientY - now.y) > STRAY) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onContextMenu: (event: MouseEvent) => {
      if (touch.current !== null) event.preventDefault();
    },
    onClickCapture: (event: MouseEvent) => {
      if (touch.current?.held !== true) return;
      touch.current = null;
      event.stopPropagation();
    },
  };
}
