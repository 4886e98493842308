import { compareOrders, searchMatcher, SORT_FIELDS } from "@live-orders/protocol/order-query";
import { ODD_NAMES, oddOrders, readAll } from "@live-orders/testkit/store-samples";
import { seededRandom } from "@live-orders/testkit/seeded-random";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, freshDatabase } from "../test/postgres-stores.ts";
import { searchCondition } from "./order-search.ts";
import { StatementValues } from "./statement-values.ts";

const postgres = usePostgres();
let psql: Client;

/** Locales that fold and sort in ways of their own: in Turkish `I` is no capital `i`. */
const LOCALES = [
  "LOCALE 'C'",
  "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'",
  "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'",
];

describe.each(LOCALES)("a database with %s", (locale) => {
  beforeEach(async () => {
    const server = await connect(postgres.serverUrl);
    const name = new URL(postgres.url).pathname.slice(1);
    await server.query(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' ${locale.replace("LOCALE 'C'", "")}`,
    );
    await server.end();
    psql = await connect(postgres.url);
  });
  afterEach(() => psql.end());

  it("finds for every cased character what the protocol finds", async () => {
    const cased = Array.from({ length: 0x1ffff }, (_, index) => index + 1)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point))
      .filter((character) => /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u.test(character));
    // Each in the midst of a name of its own, with an innocent neighbour of another alphabet.
    const rows = cased.map((character) => ({
      id: 1,
      customer_name: `\u05d0${character}\u05d1`,
      product_name: "x",
    }));
    // Every seventh, and others of them in each locale.
    for (let index = LOCALES.indexOf(locale); index < cased.length; index += 7) {
      const q = cased[index] ?? "";
      const expected = rows.filter(searchMatcher(q)).map(({ customer_name }) => customer_name);
      expect(
        await found(
          rows.map(({ customer_name }) => customer_name),
          q,
        ),
        q,
      ).toEqual(expected);
    }
  });

  async function found(names: readonly string[], q: string): Promise<string[]> {
    const values = new StatementValues();
    const list = values.add(names);
    const text = `SELECT customer_name FROM (SELECT 0 AS id, name AS customer_name, 'x' AS product_name
      FROM unnest(${list}::text[]) AS name) o WHERE ${searchCondition(q, values)}`;
    return (await psql.query<{ customer_name: string }>(text, values.all)).rows.map(
      (row) => row.customer_name,
    );
  }

  it("sorts by code point and searches by simple folding", async () => {
    const database = await freshDatabase(postgres.url);
    const { orders } = await database.open();
    const rows = oddOrders(80, seededRandom(7));
    await database.direct.insert(rows);
    for (const field of SORT_FIELDS) {
      for (const descending of [false, true]) {
        const sort = { field, descending };
        expect(await readAll(orders, { sort, limit: 9 })).toEqual([...rows].sort(compareOrders(sort)));
      }
    }
    const sort = { field: "id", descending: false } as const;
    for (const q of [...ODD_NAMES, "I", "\u0130", "\u0131", "SS"]) {
      expect(await readAll(orders, { q, sort }), q).toEqual(rows.filter(searchMatcher(q)));
    }
    await database.dispose();
  });
});
