import { readFile, stat } from "node:fs/promises";
import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { StartupError } from "../startup-error.ts";

/** Where each customer's mail goes, by the name that stands in the orders. */
export type Contacts = ReadonlyMap<string, string>;

const MAX_BYTES = 16 * 1024 * 1024;

const contactSchema = z.object({ customer_name: z.string().trim().min(1), address: z.email().max(320) });

/** A name as it is looked up: written in one way, without outer spaces. */
export const contactName = (name: string): string => name.trim().normalize("NFC");

/**
 * A CSV file with the columns `customer_name` and `address`.
 *
 * @throws StartupError that names the line that is wrong
 */
export async function readContacts(path: string): Promise<Contacts> {
  const records = parseCsv(path, await readText(path));
  const contacts = new Map<string, string>();
  for (const { record, line } of records) {
    const parsed = contactSchema.safeParse(record);
    if (!parsed.success) throw wrong(path, `line ${line} needs a customer_name and an e-mail address`);
    const name = contactName(parsed.data.customer_name);
    const known = contacts.get(name);
    if (known !== undefined && known !== parsed.data.address) {
      throw wrong(path, `line ${line} gives a customer another address than a line before`);
    }
    contacts.set(name, parsed.data.address);
  }
  return contacts;
}

const wrong = (path: string, why: string) => new StartupError(`AGENT_CONTACTS: ${path}: ${why}.`);

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_BYTES) throw new Error("it is larger than 16 MiB");
    return await readFile(path, "utf8");
  } catch (error) {
    throw wrong(path, `can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const recordsSchema = z.array(
  z
    .object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.int() }) })
    .transform(({ record, info }) => ({ record, line: info.lines })),
);

function parseCsv(path: string, text: string): z.infer<typeof recordsSchema> {
  try {
    const records: unknown = parse(text, { columns: true, bom: true, skip_empty_lines: true, info: true });
    return recordsSchema.parse(records);
  } catch (error) {
    if (error instanceof CsvError) throw wrong(path, error.message);
    throw error;
  }
}
