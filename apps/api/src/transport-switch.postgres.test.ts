import { usePostgres } from "@live-orders/testkit/use-postgres";
import { transportSwitchSuite } from "../test/transport-switch-suite.ts";

const postgres = usePostgres();

transportSwitchSuite({ kind: "postgres", url: () => postgres.url });
