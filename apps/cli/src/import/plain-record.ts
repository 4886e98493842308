const QUOTE = '"';

/**
 * The fields of a record (RFC 4180) that has no flaw, as nearly all are. Null for every other one, and for an empty
 * one: what is wrong with it, or how it is to be read all the same, is for a whole parser to say.
 */
export function plainFields(text: string, delimiter: string): readonly string[] | null {
  const record = text.replace(/(?:\r\n|\n|\r)$/, "");
  if (record === "") return null;
  const fields: string[] = [];
  for (let at = 0; ;) {
    const field = record[at] === QUOTE ? quotedField(record, at) : bareField(record, at, delimiter);
    if (field === null) return null;
    fields.push(field.value);
    if (field.end === record.length) return fields;
    if (!record.startsWith(delimiter, field.end)) return null;
    at = field.end + delimiter.length;
  }
}

/** A field's value, and where the text goes on after it. */
interface Field {
  readonly value: string;
  readonly end: number;
}

function bareField(record: string, at: number, delimiter: string): Field | null {
  const next = record.indexOf(delimiter, at);
  const end = next === -1 ? record.length : next;
  const value = record.slice(at, end);
  return /["\r\n]/.test(value) ? null : { value, end };
}

/** From its opening quote on; a quote within it is doubled. */
function quotedField(record: string, at: number): Field | null {
  let close = record.indexOf(QUOTE, at + 1);
  let hasDoubled = false;
  while (close !== -1 && record[close + 1] === QUOTE) {
    hasDoubled = true;
    close = record.indexOf(QUOTE, close + 2);
  }
  if (close === -1) return null;
  const value = record.slice(at + 1, close);
  return { value: hasDoubled ? value.replaceAll('""', QUOTE) : value, end: close + 1 };
}
