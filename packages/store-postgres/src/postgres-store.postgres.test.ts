import { describeStoreContract } from "@live-orders/testkit/store-contract-suite";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import { freshDatabase } from "../test/postgres-stores.ts";

const postgres = usePostgres();

describeStoreContract({ name: "PostgreSQL", fresh: () => freshDatabase(postgres.url) });
