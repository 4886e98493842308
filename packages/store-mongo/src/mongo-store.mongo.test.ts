import { describeStoreContract } from "@live-orders/testkit/store-contract-suite";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { freshDatabase } from "../test/mongo-stores.ts";

const mongo = useMongo();

describeStoreContract({ name: "MongoDB", fresh: () => Promise.resolve(freshDatabase(mongo)) });
