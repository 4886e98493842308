import type { OpenDatabase } from "./open-database.ts";

/** What a person reads when the server is up: where it is, and how to write past it. */
export function startHint(url: string, database: Pick<OpenDatabase, "kind" | "url" | "embedded">): string {
  const lines = [`Live Orders is at ${url}  (the API's page: ${url}/docs)`];
  if (database.embedded) {
    const uri = withDatabase(database.url);
    lines.push(
      `Its database is at ${uri}`,
      "Write to it directly and see it on the page:",
      `  ${WRITE[database.kind](uri)}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

const WRITE = {
  mongodb: (uri: string) =>
    `mongosh "${uri}" --eval 'db.orders.updateOne({ _id: 1 }, { $set: { status: "shipped" } })'`,
  postgres: (uri: string) => `psql "${uri}" -c "UPDATE orders SET status = 'shipped' WHERE id = 1"`,
};

/** With the database's name, so that a shell opens the right one. */
function withDatabase(uri: string): string {
  const url = new URL(uri);
  url.pathname = "/live_orders";
  return url.href;
}
