import { Plus } from "lucide-react";
import { expect, it } from "vitest";
import { findCommands, type Command } from "./command.ts";

const command = (title: string, group: Command["group"], words?: string): Command => ({
  id: title,
  group,
  title,
  icon: Plus,
  run: () => undefined,
  ...(words !== undefined && { words }),
});
const ALL = [
  command("Dark", "View", "colour scheme night"),
  command("New order", "Orders"),
  command("Go to Orders", "Go to"),
  command("Newest change first", "Sort"),
  command("Move 3 selected orders to Shipped", "Selection"),
];
const found = (text: string) => findCommands(ALL, text).map(({ title }) => title);

it("shows all of them in the order of their groups", () => {
  expect(found(" ")).toEqual([
    "Move 3 selected orders to Shipped",
    "New order",
    "Go to Orders",
    "Newest change first",
    "Dark",
  ]);
});

it("finds by the beginnings of words, whatever their order, in the title, the group and beside", () => {
  expect(found("shi mov")).toEqual(["Move 3 selected orders to Shipped"]);
  expect(found("NIGHT")).toEqual(["Dark"]);
  expect(found("sort")).toEqual(["Newest change first"]);
  expect(found("ark")).toEqual([]);
});

it("puts first what begins with the text", () => {
  expect(found("go")).toEqual(["Go to Orders"]);
  expect(found("new")).toEqual(["New order", "Newest change first"]);
  expect(found("order")).toEqual(["Move 3 selected orders to Shipped", "New order", "Go to Orders"]);
});
