import type { Order } from "@live-orders/protocol/order";
import type { ChangeHistory } from "@live-orders/store/change-history";
import type { ChangeSource } from "@live-orders/store/change-source";
import type { OrderStore } from "@live-orders/store/order-store";

/** One process's store on the database of the test. */
export interface StoreNode {
  readonly orders: OrderStore;
  readonly source: ChangeSource;
  readonly history: ChangeHistory;
  leftOut(): number;
  close(): Promise<void>;
}

/** What stands for another program: it writes past the store. */
export interface DirectWriter {
  /** In one statement. */
  insert(rows: readonly Order[]): Promise<void>;
  update(id: number, fields: Partial<Omit<Order, "id">>): Promise<void>;
  remove(id: number): Promise<void>;
  /** With the database's checks switched off: rows may break the table. */
  insertUnchecked(rows: readonly UncheckedRow[]): Promise<void>;
  updateUnchecked(id: number, fields: Partial<Omit<UncheckedRow, "id">>): Promise<void>;
}

/** Texts of any content; `updated_at` is ISO. */
export interface UncheckedRow {
  readonly id: number;
  readonly customer_name: string;
  readonly product_name: string;
  readonly status: string;
  readonly updated_at: string;
}

/** A fresh, empty database for one test. */
export interface StoreDatabase {
  /** Another node on it. Closed by `dispose`, if not before. */
  open(): Promise<StoreNode>;
  readonly direct: DirectWriter;
  dispose(): Promise<void>;
}

export interface StoreContractSetting {
  /** For the titles: `MongoDB`. */
  readonly name: string;
  fresh(): Promise<StoreDatabase>;
}
