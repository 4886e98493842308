import { createContext, use, useEffect, useId } from "react";
import type { Command } from "./command.ts";

/** What can be done just now: each part of the page brings its own for as long as it is shown. */
export class CommandRegistry {
  readonly #parts = new Map<string, readonly Command[]>();

  set(part: string, commands: readonly Command[]): void {
    this.#parts.set(part, commands);
  }

  remove(part: string): void {
    this.#parts.delete(part);
  }

  /** Those of the whole page before those of its parts, which come first. */
  all(): Command[] {
    return [...this.#parts.values()].reverse().flat();
  }
}

export const Commands = createContext(new CommandRegistry());

/** Offers these in the palette. */
export function useCommands(commands: readonly Command[]): void {
  const registry = use(Commands);
  const part = useId();
  useEffect(() => {
    registry.set(part, commands);
    return () => {
      registry.remove(part);
    };
  }, [registry, part, commands]);
}
