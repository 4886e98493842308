import { describe, expect, it } from "vitest";
import { readDate } from "./row-date.ts";
import { difference, readRowOrder, type RowRules } from "./row-order.ts";

const rules: RowRules = {
  columns: new Map([
    ["id", "No"],
    ["customer_name", "Who"],
    ["product_name", "What"],
    ["status", "State"],
    ["updated_at", "When"],
  ]),
  status: { kind: "column" },
  readDate,
  now: Date.parse("2020-01-01T00:00:00Z"),
  formulasEscaped: false,
};
const row = { No: "7", Who: "Claire", What: "Chair", State: "shipped", When: "11/8/2018" };

const read = (values: Record<string, unknown>, other: Partial<RowRules> = {}) =>
  readRowOrder(new Map(Object.entries(values)), { ...rules, ...other });
const orderOf = (values: Record<string, unknown>, other: Partial<RowRules> = {}) => {
  const reading = read(values, other);
  if (reading.kind === "bad") throw new Error(reading.reason);
  return reading.order;
};

describe("a row", () => {
  it("is read by its mapped columns", () => {
    expect(orderOf(row)).toMatchObject({
      id: 7,
      fields: { customer_name: "Claire", product_name: "Chair", status: "shipped" },
      updatedAt: "2018-11-08T00:00:00.000Z",
    });
  });

  it("has its names trimmed as the contract says, inner non-breaking spaces kept", () => {
    const { fields } = orderOf({ ...row, Who: " \u00A0Jo\u00A0Ann \t" });
    expect(fields.customer_name).toBe("Jo\u00A0Ann");
  });

  it("takes numbers for text, and null for nothing", () => {
    expect(orderOf({ ...row, No: 7, What: 42, State: null })).toMatchObject({
      id: 7,
      fields: { product_name: "42", status: "pending" },
    });
  });

  it("needs no id, status and date", () => {
    expect(orderOf({ Who: "a", What: "b" })).toMatchObject({
      id: null,
      fields: { status: "pending" },
      updatedAt: null,
    });
  });

  it("takes a status in any case", () => {
    expect(orderOf({ ...row, State: " Delivered " }).fields.status).toBe("delivered");
  });

  it.each([
    [{ No: "0" }, "id"],
    [{ No: "2147483648" }, "id"],
    [{ No: "1.5" }, "id"],
    [{ No: "-3" }, "id"],
    [{ No: "7 8" }, "id"],
    [{ No: true }, "No"],
    [{ Who: " \u00A0" }, "customer_name"],
    [{ What: "x".repeat(201) }, "product_name"],
    [{ What: "a\u0007b" }, "product_name"],
    [{ What: ["a"] }, "What"],
    [{ State: "lost" }, "status"],
    [{ When: "2/30/2019" }, "When"],
    [{ No: "" }, "id"],
  ])("with %j is bad, and says why", (change, named) => {
    const reading = read({ ...row, ...change });
    expect(reading).toMatchObject({ kind: "bad" });
    expect(reading.kind === "bad" && reading.reason).toContain(named);
  });

  it("gets what an export put before formulas taken off only when asked", () => {
    const values = { ...row, Who: "'=1+1" };
    expect(orderOf(values).fields.customer_name).toBe("'=1+1");
    expect(orderOf(values, { formulasEscaped: true }).fields.customer_name).toBe("=1+1");
  });
});

describe("--status and --shipped-after", () => {
  it("set every row's status", () => {
    expect(orderOf(row, { status: { kind: "fixed", status: "pending" } }).fields.status).toBe("pending");
  });

  const shippedAfter = { status: { kind: "shipped-after", column: "Ship" } } as const;
  it.each([
    ["", "pending"],
    ["12/31/2019", "shipped"],
    ["2020-01-01T00:00:00Z", "shipped"],
    ["2020-01-01T00:00:00.001Z", "pending"],
    ["1/2/2020", "pending"],
  ])("a ship date of %j makes it %s", (ship, status) => {
    expect(orderOf({ ...row, Ship: ship }, shippedAfter).fields.status).toBe(status);
  });

  it("make a row with a broken date bad", () => {
    expect(read({ ...row, Ship: "soon" }, shippedAfter)).toMatchObject({ kind: "bad" });
  });
});

describe("an order that stands under a row's id", () => {
  const standing = {
    id: 7,
    customer_name: "Claire",
    product_name: "Chair",
    status: "shipped",
    updated_at: "2018-11-08T00:00:00.000Z",
  } as const;

  it("is the row's when it equals all that the file tells", () => {
    expect(difference(orderOf(row), standing)).toBeNull();
  });

  it.each([
    ["customer_name", "Jo"],
    ["product_name", "Desk"],
    ["status", "pending"],
    ["updated_at", "2018-11-08T00:00:00.001Z"],
  ] as const)("is another when its %s differs", (field, value) => {
    expect(difference(orderOf(row), { ...standing, [field]: value })).toBe(field);
  });

  it("may have moved on in what the file does not tell: a date that is not mapped, a status by rule", () => {
    const columns = new Map(rules.columns);
    columns.delete("updated_at");
    const order = orderOf(row, { columns, status: { kind: "fixed", status: "pending" } });
    expect(difference(order, { ...standing, updated_at: "2021-01-01T00:00:00.000Z" })).toBeNull();
  });
});
