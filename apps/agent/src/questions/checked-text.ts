import { claimsOwnDeed, claimsUnknownDeed } from "../guard/deeds.ts";
import type { Evidence } from "../guard/evidence.ts";
import { foreignFigure, type FigureRules } from "../guard/figures.ts";
import { foreignLink } from "../guard/links.ts";
import { ModelFailure } from "../model/model-failure.ts";

/** Where a text may be cut without cutting a number, a name or a link in two. */
const BOUNDARY = /(?:[.!?]["”’')]?\s|\n)/gu;
/** Without any, nothing more can be cut. */
const SPACE = /\s/u;

/**
 * A model's answer as it comes: what is let out was checked, with all before it. A part that does not hold is kept back
 * until there is more of it, a name's end for example; at the end all must hold.
 */
export class CheckedText {
  readonly #evidence: Evidence;
  readonly #rules: FigureRules;
  #out = "";
  #held = "";

  constructor(evidence: Evidence, rules: FigureRules) {
    this.#evidence = evidence;
    this.#rules = rules;
  }

  get whole(): string {
    return this.#out + this.#held;
  }

  /** What comes next is a part of its own. Returns what can be let out now. */
  breakLine(): string {
    return this.whole === "" || this.whole.endsWith("\n") ? "" : this.add("\n");
  }

  /** Returns what can be let out now. */
  add(text: string): string {
    this.#held += text;
    const cut = [...this.#held.matchAll(BOUNDARY)].at(-1);
    if (cut === undefined || !SPACE.test(text)) return "";
    const length = cut.index + cut[0].length;
    return this.#fault(this.#out + this.#held.slice(0, length)) === null ? this.#release(length) : "";
  }

  /** @throws ModelFailure if not all of it holds */
  end(): string {
    const fault = this.#fault(this.whole);
    if (fault !== null) throw new ModelFailure("unfit", fault);
    return this.#release(this.#held.length);
  }

  #release(length: number): string {
    const out = this.#held.slice(0, length);
    this.#out += out;
    this.#held = this.#held.slice(length);
    return out;
  }

  #fault(text: string): string | null {
    const { names } = this.#evidence;
    if (foreignLink(text, names) !== null)
      return "The model's answer had a link or an address that is not in the data";
    const figure = foreignFigure(text, this.#evidence, this.#rules);
    if (figure !== null) return "The model's answer had a number that none of its tools gave";
    return claimsOwnDeed(text) || claimsUnknownDeed(text, names)
      ? "The model's answer claimed to have done something"
      : null;
  }
}
