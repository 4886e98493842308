import { afterEach, beforeEach, describe } from "vitest";
import { feedContract } from "./store-contract-feed.ts";
import { keyContract } from "./store-contract-keys.ts";
import { pageContract } from "./store-contract-pages.ts";
import type { StoreContractSetting, StoreDatabase } from "./store-contract-setting.ts";
import { writeContract } from "./store-contract-writes.ts";

/** What `OrderStore`, `ChangeSource` and `ChangeHistory` promise, for any database. Call it at the top of a test file. */
export function describeStoreContract(setting: StoreContractSetting): void {
  describe(`the store contract on ${setting.name}`, () => {
    let current: StoreDatabase | null = null;
    const database = (): StoreDatabase => {
      if (current === null) throw new Error("There is a database only while a test runs");
      return current;
    };
    beforeEach(async () => {
      current = await setting.fresh();
    });
    afterEach(async () => {
      await current?.dispose();
      current = null;
    });
    pageContract(database);
    writeContract(database);
    keyContract(database);
    feedContract(database);
  });
}
