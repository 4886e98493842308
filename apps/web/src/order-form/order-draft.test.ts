import { describe, expect, it } from "vitest";
import {
  conflictsOf,
  errorsAt,
  errorsOf,
  keepMine,
  patchOf,
  receive,
  startDraft,
  takeTheirs,
  typeInto,
} from "./order-draft.ts";

const order = { customer_name: "Ada", product_name: "Chair", status: "pending" } as const;

describe("a draft of an order that others change too", () => {
  it("follows the order in fields that were not touched and keeps what is typed", () => {
    const draft = receive(typeInto(startDraft(order), "customer_name", "Ada L", 1), {
      ...order,
      product_name: "Desk",
    });
    expect(draft.mine).toEqual({ customer_name: "Ada L", product_name: "Desk", status: "pending" });
    expect(conflictsOf(draft)).toEqual([]);
    expect(patchOf(draft)).toEqual({ customer_name: "Ada L" });
  });

  it("names a field that both changed a conflict, and not one that both set to the same", () => {
    const typed = typeInto(typeInto(startDraft(order), "customer_name", "Ada L", 1), "status", "shipped", 2);
    const draft = receive(typed, { ...order, customer_name: "Ada K", status: "shipped" });
    expect(conflictsOf(draft)).toEqual(["customer_name"]);
  });

  it("writes mine over theirs when mine is kept, and leaves theirs when that is taken", () => {
    const draft = receive(typeInto(startDraft(order), "status", "shipped", 1), {
      ...order,
      status: "delivered",
    });
    const kept = keepMine(draft, "status");
    expect([conflictsOf(kept), patchOf(kept)]).toEqual([[], { status: "shipped" }]);
    const taken = takeTheirs(draft, "status");
    expect([conflictsOf(taken), patchOf(taken)]).toEqual([[], {}]);
  });

  it("says a conflict again when theirs changes once more after mine was kept", () => {
    const draft = receive(typeInto(startDraft(order), "customer_name", "Mine", 1), {
      ...order,
      customer_name: "A",
    });
    expect(conflictsOf(receive(keepMine(draft, "customer_name"), { ...order, customer_name: "B" }))).toEqual([
      "customer_name",
    ]);
  });

  it("takes outer spaces for no change", () => {
    expect(patchOf(typeInto(startDraft(order), "customer_name", " Ada ", 1))).toEqual({});
  });

  it("keeps when each field was typed into last", () => {
    const first = typeInto(startDraft(order), "customer_name", "A", 1);
    const draft = typeInto(typeInto(first, "status", "shipped", 2), "customer_name", "Ada L", 3);
    expect(draft.typedAt).toEqual({ customer_name: 3, status: 2 });
  });

  it("starts from a patch that was refused, typed when that was made", () => {
    const refused = startDraft(order, { status: "shipped" }, 5);
    expect(refused.typedAt).toEqual({ status: 5 });
    const draft = receive(refused, { ...order, status: "delivered" });
    expect(conflictsOf(draft)).toEqual(["status"]);
  });
});

describe("the errors of a draft", () => {
  it("are those of the protocol's schema, by field", () => {
    const draft = typeInto(
      typeInto(startDraft(order), "customer_name", "  ", 1),
      "product_name",
      "x".repeat(201),
      2,
    );
    expect(errorsOf(draft)).toEqual({
      customer_name: "Must not be empty",
      product_name: "Must be at most 200 characters long",
    });
    expect(errorsOf(startDraft(order))).toEqual({});
  });

  it("are found in a problem's errors by the end of their path", () => {
    expect(errorsAt([{ path: "operations.0.order.status", message: "must be one" }])).toEqual({
      status: "Must be one",
    });
  });
});
