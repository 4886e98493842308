const UNITS = [
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen",
  "eighteen nineteen",
]
  .join(" ")
  .split(" ");
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: Readonly<Record<string, number>> = {
  dozen: 12,
  hundred: 100,
  thousand: 1000,
  million: 1_000_000,
};
const SMALL: ReadonlyMap<string, number> = new Map([
  ...UNITS.map((word, index) => [word, index] as const),
  ...TENS.map((word, index) => [word, (index + 2) * 10] as const),
]);

const WORD = [...SMALL.keys(), ...Object.keys(SCALES)].join("|");
/** A run of such words: "two hundred and forty-one". */
const PHRASE = new RegExp(`\\b(?:${WORD})s?(?:(?:[\\s-]+and)?[\\s-]+(?:${WORD})s?)*\\b`, "giu");

/** "one of them", "this one": no number is told. */
const NO_NUMBER = {
  before: /\b(?:no|any|every|each|this|that|which|the|another|some|last|first|next)[\s-]$/iu,
  after: /^\s+of\b/iu,
};

/** The numbers of a text that are written as English words. */
export function numberWords(text: string): readonly number[] {
  return [...text.matchAll(PHRASE)]
    .filter(({ 0: phrase, index }) => {
      if (phrase.toLowerCase() !== "one") return true;
      return !NO_NUMBER.before.test(text.slice(0, index)) && !NO_NUMBER.after.test(text.slice(index + 3));
    })
    .map(([phrase]) => valueOf(phrase));
}

function valueOf(phrase: string): number {
  let total = 0;
  let group = 0;
  for (const word of phrase.toLowerCase().split(/[\s-]+/u)) {
    const singular = SMALL.has(word) ? word : word.replace(/s$/u, "");
    const scale = SCALES[singular];
    if (scale === undefined) group += SMALL.get(singular) ?? 0;
    else if (scale >= 1000) [total, group] = [total + Math.max(group, 1) * scale, 0];
    else group = Math.max(group, 1) * scale;
  }
  return total + group;
}
