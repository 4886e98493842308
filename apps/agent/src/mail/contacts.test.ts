import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readContacts } from "./contacts.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "live-orders-contacts-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function contactsOf(text: string) {
  const file = path.join(folder, "contacts.csv");
  await writeFile(file, text);
  return readContacts(file);
}

it("takes names in one way of writing, quotes and all", async () => {
  const text =
    '\ufeffcustomer_name,address,more\n"Gute, Claire",claire@example.org,x\n Zoe\u0301 ,zoe@example.org,\n';
  expect([...(await contactsOf(text))]).toEqual([
    ["Gute, Claire", "claire@example.org"],
    ["Zo\u00e9", "zoe@example.org"],
  ]);
});

it.each([
  ["no address", "customer_name,address\nAda,ada@example.org\nBob,\n", "line 3"],
  ["a field too many", "customer_name,address\nAda,ada@example.org, eve@example.org\n", "line 2"],
  ["a list of addresses", 'customer_name,address\nAda,"ada@example.org,eve@example.org"\n', "line 2"],
  ["another header", "name,mail\nAda,ada@example.org\n", "line 2"],
  [
    "two addresses of one customer",
    "customer_name,address\nAda,a@example.org\nAda,b@example.org\n",
    "line 3",
  ],
  ["a quote without an end", 'customer_name,address\n"Ada,ada@example.org\n', "Quote"],
])("refuses %s, and says where", async (_, text, where) => {
  await expect(contactsOf(text)).rejects.toThrow(where);
});

it("says so when there is no such file", async () => {
  await expect(readContacts(path.join(folder, "none.csv"))).rejects.toThrow(
    /AGENT_CONTACTS: .*can't be read/,
  );
});
