import { useMongo } from "@live-orders/testkit/use-mongo";
import { transportSwitchSuite } from "../test/transport-switch-suite.ts";

const mongo = useMongo();

transportSwitchSuite({ kind: "mongodb", url: () => mongo.uri });
