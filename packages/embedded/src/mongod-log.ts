/**
 * One line of a `mongod`'s structured log: https://www.mongodb.com/docs/manual/reference/log-messages/
 * `severity` is `F`, `E`, `W`, `I` or `D1`–`D5`; `text` is the message with its error, for people.
 */
export interface MongodLogLine {
  severity: string;
  message: string;
  text: string;
}

/** Reads one line; what is not structured (a crash's back-trace, a loader's complaint) is an error's text. */
export function parseMongodLog(line: string): MongodLogLine {
  const entry = parseObject(line);
  if (!entry || typeof entry["msg"] !== "string") return { severity: "E", message: line, text: line };
  const error = errorIn(entry["attr"]);
  return {
    severity: typeof entry["s"] === "string" ? entry["s"] : "I",
    message: entry["msg"],
    text: error === undefined ? entry["msg"] : `${entry["msg"]}: ${error}`,
  };
}

export function isError(line: MongodLogLine): boolean {
  return line.severity === "E" || line.severity === "F";
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The attributes' error, which is a string here and an object with `errmsg` there, or WiredTiger's message. */
function errorIn(attr: unknown): string | undefined {
  if (!isRecord(attr)) return undefined;
  for (const value of [attr["error"], attr["message"], attr["reason"]]) {
    if (typeof value === "string") return value;
    if (!isRecord(value)) continue;
    const inner = value["errmsg"] ?? value["msg"];
    if (typeof inner === "string") return inner;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
