import { usePostgres } from "@live-orders/testkit/use-postgres";
import { Client } from "pg";
import { contractSuite } from "../test/contract-suite.ts";

const postgres = usePostgres();

contractSuite({
  kind: "postgres",
  url: () => postgres.url,
  connect: async (connectionString) => {
    const psql = new Client({ connectionString });
    await psql.connect();
    return {
      rename: async (id, name) =>
        void (await psql.query("UPDATE orders SET customer_name = $2 WHERE id = $1", [id, name])),
      insertBroken: async (id) => {
        await psql.query("ALTER TABLE orders DROP CONSTRAINT orders_product_name_text");
        await psql.query("INSERT INTO orders VALUES ($1, 'Ada', E'bad\\u0007', 'pending', now())", [id]);
      },
      end: () => psql.end(),
    };
  },
});
