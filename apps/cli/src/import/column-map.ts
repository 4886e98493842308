import { CliFailure } from "../terminal/cli-failure.ts";

/** An order's fields that a file may fill. */
const MAPPED_FIELDS = ["id", "customer_name", "product_name", "status", "updated_at"] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];

/** The column that fills a field. */
export type ColumnMap = ReadonlyMap<MappedField, string>;

const isMappedField = (name: string): name is MappedField => MAPPED_FIELDS.some((field) => field === name);

/**
 * Reads the values of `--map field=Header`. The header may hold further `=` signs.
 *
 * @throws CliFailure (usage) for an unknown field, a field without header, and one mapped twice
 */
export function parseMappings(mappings: readonly string[]): ColumnMap {
  const map = new Map<MappedField, string>();
  for (const mapping of mappings) {
    const [field, header] = splitOnce(mapping);
    if (!isMappedField(field)) {
      throw new CliFailure("usage", `--map ${mapping}: the field is one of ${MAPPED_FIELDS.join(", ")}`);
    }
    if (header === "") throw new CliFailure("usage", `--map ${mapping}: write it as field=Header`);
    if (map.has(field)) throw new CliFailure("usage", `--map ${mapping}: ${field} is mapped twice`);
    map.set(field, header);
  }
  return map;
}

function splitOnce(mapping: string): [string, string] {
  const at = mapping.indexOf("=");
  return at === -1 ? [mapping, ""] : [mapping.slice(0, at).trim(), mapping.slice(at + 1).trim()];
}

/**
 * The columns to read: those mapped, and for the other fields the column that bears the field's own name, if there is
 * one. Rows of NDJSON (`headers` is null) may each have other keys, so there every field has its own name's.
 *
 * @throws CliFailure (usage) if a mapped column is not there or stands there twice, or a name has no column
 */
export function resolveColumns(mapped: ColumnMap, headers: readonly string[] | null): ColumnMap {
  const map = new Map(mapped);
  for (const field of MAPPED_FIELDS) {
    if (!map.has(field) && (headers === null || headers.includes(field))) map.set(field, field);
  }
  if (headers === null) return map;
  if (!map.has("id")) leaveDatesOut(map, mapped);
  for (const [field, header] of map) requireColumn(header, headers, `--map ${field}=${header}`);
  for (const field of ["customer_name", "product_name"] as const) {
    if (!map.has(field)) {
      throw new CliFailure("usage", `no column for ${field}: add --map ${field}=Header\n${listed(headers)}`);
    }
  }
  return map;
}

/** Only a row with an id may bring its date. */
function leaveDatesOut(map: Map<MappedField, string>, mapped: ColumnMap): void {
  if (mapped.has("updated_at")) {
    throw new CliFailure("usage", "--map updated_at: only rows with an id keep their date, so map id too");
  }
  map.delete("updated_at");
}

/** @throws CliFailure (usage) if the column is not there or stands there twice */
export function requireColumn(header: string, headers: readonly string[] | null, option: string): void {
  if (headers === null) return;
  const found = headers.filter((name) => name === header).length;
  if (found === 1) return;
  const what = found === 0 ? "there is no such column" : `the file has ${found} such columns`;
  throw new CliFailure("usage", `${option}: ${what}\n${listed(headers)}`);
}

const listed = (headers: readonly string[]): string => `The file's columns: ${headers.join(", ")}`;
