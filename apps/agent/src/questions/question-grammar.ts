import type { Status } from "@live-orders/protocol/status";
import type { AskedTime } from "./asked-time.ts";

/** What is wanted of orders that are found: their customers, themselves, or how many they are. */
type Wanted = "customers" | "orders" | "count";

/** A question of a form that is understood. */
export type Asked =
  | { readonly kind: "history" | "standing"; readonly id: number }
  | { readonly kind: "count"; readonly statuses: readonly Status[] }
  | { readonly kind: "moved"; readonly to: Status; readonly time: AskedTime }
  | { readonly kind: "created"; readonly time: AskedTime }
  | {
      readonly kind: "old";
      readonly statuses: readonly Status[];
      readonly ageMs: number;
      readonly wanted: Wanted;
    }
  | { readonly kind: "longest"; readonly statuses: readonly Status[] }
  | { readonly kind: "changed"; readonly time: AskedTime };

const ALL: readonly Status[] = ["pending", "shipped", "delivered"];
const UNDELIVERED: readonly Status[] = ["pending", "shipped"];

/** The words for statuses, the longer before those that they begin with. */
const STATUS_WORDS: readonly (readonly [word: string, statuses: readonly Status[]])[] = [
  ["not yet delivered", UNDELIVERED],
  ["not delivered yet", UNDELIVERED],
  ["not delivered", UNDELIVERED],
  ["undelivered", UNDELIVERED],
  ["outstanding", UNDELIVERED],
  ["not yet shipped", ["pending"]],
  ["not shipped yet", ["pending"]],
  ["not shipped", ["pending"]],
  ["unshipped", ["pending"]],
  ["pending", ["pending"]],
  ["on (?:the|their|its) way", ["shipped"]],
  ["in transit", ["shipped"]],
  ["shipped", ["shipped"]],
  ["delivered", ["delivered"]],
];
const NUMBERS =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split(" ");
const UNIT_MS = {
  second: 1000,
  minute: 60_000,
  min: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

const number = `\\d{1,4}|${NUMBERS.join("|")}`;
const DURATION = `(?:half an hour|(?:(?:${number}|an?) )?(?:${Object.keys(UNIT_MS).join("|")})s?)`;
const CLOCK = `(?:\\d{1,2}(?::\\d\\d)?|${NUMBERS.slice(0, 12).join("|")})(?: ?(?:am|pm|o'clock))?`;
const TIME = `(?<time>today|so far today|yesterday|this morning|(?:since|after|from) (?:yesterday|midnight|noon|this morning|${CLOCK})|(?:in|within|during|over) the (?:last|past) ${DURATION})`;
const STATUS = `(?<status>${STATUS_WORDS.map(([word]) => word).join("|")})`;
const AGE = `(?:for )?(?:more than|longer than|over|at least) (?<age>${DURATION})`;
const OLDER = `(?:older than|over) (?<age>${DURATION})(?: old)?`;
const ORDER = `(?:the )?(?:order )?(?:number |no )?#?(?<id>\\d{1,10})`;
const LEAD =
  "(?:(?:please|can you|could you|tell me|show me|give me|list|show|i want to know|do you know) )*";

interface Form {
  readonly pattern: RegExp;
  readonly read: (words: Readonly<Record<string, string | undefined>>) => Asked | null;
}

const form = (pattern: string, read: Form["read"]): Form => ({
  pattern: new RegExp(`^${LEAD}(?:${pattern})(?: (?:please|now|right now|currently|at the moment))?$`),
  read,
});

const old =
  (wanted: Wanted, otherwise: readonly Status[]): Form["read"] =>
  ({ status, age }) => {
    const ageMs = durationOf(age);
    const statuses = statusesOf(status) ?? otherwise;
    return ageMs === null ? null : { kind: "old", statuses, ageMs, wanted };
  };
const moved: Form["read"] = ({ time, deed }) => {
  const asked = timeOf(time);
  if (asked === null || deed === undefined) return null;
  return { kind: "moved", to: deed.startsWith("ship") ? "shipped" : "delivered", time: asked };
};
const timed =
  (kind: "created" | "changed"): Form["read"] =>
  ({ time }) => {
    const asked = timeOf(time);
    return asked === null ? null : { kind, time: asked };
  };
const longest: Form["read"] = ({ status }) => ({
  kind: "longest",
  statuses: statusesOf(status) ?? UNDELIVERED,
});

const HOW_MANY = "(?:how many|what is the number of|what's the number of|number of|count)(?: the| all)?";
const DEED = "(?<deed>shipped|delivered)";
const ARE = "(?:is|are|was|were|got|have been|has been|became)";
const WHO = "(?:who|which customers?|what customers?|customers(?: that| who)?|which people)";
const WHICH = "(?:which|what|all|the)";

const FORMS: readonly Form[] = [
  form(
    `what(?:'s| has| is)? ?(?:happened|been done|changed) (?:to|with|in|about) ${ORDER}|what (?:became|has become) of ${ORDER.replace("<id>", "<id2>")}|(?:the )?(?:history|story|timeline|changes) (?:of|for) ${ORDER.replace("<id>", "<id3>")}`,
    ({ id, id2, id3 }) => idOf("history", id ?? id2 ?? id3),
  ),
  form(
    `where is ${ORDER}|what(?:'s| is) the (?:status|state) of ${ORDER.replace("<id>", "<id2>")}|is ${ORDER.replace("<id>", "<id3>")} (?:shipped|delivered|pending)(?: yet| already)?`,
    ({ id, id2, id3 }) => idOf("standing", id ?? id2 ?? id3),
  ),
  form(
    `${HOW_MANY} (?:orders )?(?:${ARE} |did )?(?:there )?${DEED} ${TIME}|${HOW_MANY} (?:orders )?(?:did|have) we (?<deed2>ship|shipped|deliver|delivered) ${TIME.replace("<time>", "<time2>")}`,
    ({ time, deed, time2, deed2 }) => moved({ time: time ?? time2, deed: deed ?? deed2 }),
  ),
  form(
    `${HOW_MANY} (?:new orders(?: (?:are there|did we get|came in|were there|have we had))?|orders (?:came in|were (?:created|placed|made)|did we get|arrived|have come in)) ${TIME}`,
    timed("created"),
  ),
  form(
    `${HOW_MANY} (?:${STATUS} )?orders (?:are |that are )?${OLDER}|${HOW_MANY} (?:${STATUS.replace("<status>", "<status2>")} )?orders (?:have been|are) (?:waiting|(?<status3>pending|shipped|undelivered)) ${AGE.replace("<age>", "<age2>")}`,
    ({ status, status2, status3, age, age2 }) =>
      old(
        "count",
        status3 === undefined ? UNDELIVERED : ALL,
      )({ status: status ?? status3 ?? status2, age: age ?? age2 }),
  ),
  form(
    `${HOW_MANY} (?:${STATUS} orders(?: (?:are there|do we have|are left))?|orders (?:${ARE} |are there that are )?${STATUS.replace("<status>", "<status2>")}|are ${STATUS.replace("<status>", "<status3>")}|orders(?: (?:are there|do we have))?(?: in (?:total|all))?)`,
    ({ status, status2, status3 }) => ({
      kind: "count",
      statuses: statusesOf(status ?? status2 ?? status3) ?? ALL,
    }),
  ),
  form(
    `${WHO} (?:have|has|with|having) (?:any )?(?:${STATUS} )?orders (?:that are |which are )?${OLDER}`,
    old("customers", UNDELIVERED),
  ),
  form(
    `${WHO} (?:(?:have|has) been waiting|waits?|are waiting|is waiting|waiting|have waited|has waited) ${AGE}|${WHO} (?:have|has) (?:any )?orders (?:that (?:have|are) been |that are |which are )?(?<status>pending|shipped|undelivered) ${AGE.replace("<age>", "<age2>")}`,
    ({ status, age, age2 }) => old("customers", UNDELIVERED)({ status, age: age ?? age2 }),
  ),
  form(
    `${WHICH} (?:${STATUS} )?orders (?:are |is |that are )?${OLDER}|${WHICH} orders (?:have been|are) (?:waiting|(?<status2>pending|shipped|undelivered)) ${AGE.replace("<age>", "<age2>")}`,
    ({ status, status2, age, age2 }) =>
      old("orders", UNDELIVERED)({ status: status ?? status2, age: age ?? age2 }),
  ),
  form(
    `(?:who|which customer|what customer) (?:waits|is waiting|has been waiting|has waited|waited)(?: the)? longest|(?:who|which customer) (?:has|is) the (?:longest|oldest) (?:waiting|wait|waiting order)|(?:who has|which is|what is|what's)? ?the (?:oldest|longest waiting|longest-waiting) (?:${STATUS} )?order|which (?:${STATUS.replace("<status>", "<status2>")} )?order (?:(?:waits|is waiting|has been waiting|has waited)(?: the)? longest|is the oldest|has been (?<status3>pending|shipped|undelivered)(?: the| for the)? longest)`,
    ({ status, status2, status3 }) => longest({ status: status3 ?? status2 ?? status }),
  ),
  form(
    `(?:what(?:'s| has| have| is| are)? ?(?:changed|happened|new|the changes)|what (?:orders|has been) changed|(?:any|the|all) changes|changes|which orders (?:have )?changed|anything new|how many changes(?: were there| happened)?|how much changed) ${TIME}`,
    timed("changed"),
  ),
];

/** Null: it is of none. Every word must have its place in a form: nothing of a question is passed over. */
export function parseQuestion(question: string): Asked | null {
  const words = question
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/\b([ap])\.m\.?/g, "$1m")
    .replace(/[?!.,;]+(?=\s|$)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  for (const { pattern, read } of FORMS) {
    const groups = pattern.exec(words)?.groups;
    const asked = groups === undefined ? null : read(groups);
    if (asked !== null) return asked;
  }
  return null;
}

const idOf = (kind: "history" | "standing", digits: string | undefined): Asked | null =>
  digits === undefined ? null : { kind, id: Number(digits) };

const statusesOf = (words: string | undefined): readonly Status[] | null =>
  STATUS_WORDS.find(([word]) => words !== undefined && new RegExp(`^(?:${word})$`).test(words))?.[1] ?? null;

function numberOf(word: string | undefined): number {
  if (word === undefined || word === "a" || word === "an") return 1;
  const place = NUMBERS.indexOf(word);
  return place < 0 ? Number(word) : place + 1;
}

function durationOf(words: string | undefined): number | null {
  if (words === "half an hour") return 30 * UNIT_MS.minute;
  const parts = new RegExp(`^(?:(${number}|an?) )?(${Object.keys(UNIT_MS).join("|")})s?$`).exec(words ?? "");
  const unit = Object.entries(UNIT_MS).find(([name]) => name === parts?.[2])?.[1];
  const ms = unit === undefined ? 0 : numberOf(parts?.[1]) * unit;
  return ms > 0 ? ms : null;
}

function timeOf(words: string | undefined): AskedTime | null {
  if (words === undefined) return null;
  if (/^(so far )?today$|^(since|after|from) midnight$|this morning$/.test(words)) return { kind: "today" };
  if (words === "yesterday") return { kind: "yesterday" };
  if (/ yesterday$/.test(words)) return { kind: "since-yesterday" };
  if (/ noon$/.test(words)) return { kind: "clock", minute: 720 };
  const last = / (?:last|past) (.+)$/.exec(words)?.[1];
  if (last !== undefined) {
    const ms = durationOf(last);
    return ms === null ? null : { kind: "last", ms };
  }
  const minute = clockOf(words.replace(/^\S+ /, ""));
  return minute === null ? null : { kind: "clock", minute };
}

/** Null: no clock shows it. */
function clockOf(words: string): number | null {
  const [, hourWord, minutes = "0", half] = /^(\w+?)(?::(\d\d))?(?: ?(am|pm|o'clock))?$/.exec(words) ?? [];
  const hour = numberOf(hourWord);
  const minute = Number(minutes);
  const isTwelve = half === "am" || half === "pm";
  if (Number.isNaN(hour) || minute > 59 || hour > (isTwelve ? 12 : 23) || (isTwelve && hour < 1)) return null;
  const dayHour = isTwelve ? (hour % 12) + (half === "pm" ? 12 : 0) : hour;
  return dayHour * 60 + minute;
}
