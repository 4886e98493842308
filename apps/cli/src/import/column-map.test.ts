import { describe, expect, it } from "vitest";
import { parseMappings, resolveColumns } from "./column-map.ts";

describe("--map", () => {
  it("takes field=Header, and the header may hold = signs and outer spaces", () => {
    expect([...parseMappings(["id=Row ID", "customer_name= a=b "])]).toEqual([
      ["id", "Row ID"],
      ["customer_name", "a=b"],
    ]);
  });

  it.each(["nonsense=A", "id", "id=", "=A"])("refuses %s", (mapping) => {
    expect(() => parseMappings([mapping])).toThrow("--map");
  });

  it("refuses a field that is mapped twice", () => {
    expect(() => parseMappings(["id=A", "id=B"])).toThrow("mapped twice");
  });
});

describe("the columns of a file", () => {
  const names = ["customer_name", "product_name"];

  it("are those of the fields' own names, where none is mapped", () => {
    const columns = resolveColumns(parseMappings(["id=No"]), ["No", ...names, "status", "other"]);
    expect(Object.fromEntries(columns)).toEqual({
      id: "No",
      customer_name: "customer_name",
      product_name: "product_name",
      status: "status",
    });
  });

  it("are refused when a mapped one is missing or stands there twice, or a name has none", () => {
    expect(() => resolveColumns(parseMappings(["id=no"]), ["No", ...names])).toThrow("no such column");
    expect(() => resolveColumns(parseMappings(["id=A"]), ["A", "A", ...names])).toThrow("2 such columns");
    expect(() => resolveColumns(parseMappings([]), ["customer_name"])).toThrow("no column for product_name");
  });

  it("bring no dates for rows without an id", () => {
    expect(resolveColumns(parseMappings([]), [...names, "updated_at"]).has("updated_at")).toBe(false);
    expect(() => resolveColumns(parseMappings(["updated_at=When"]), [...names, "When"])).toThrow(
      "map id too",
    );
  });
});
