import { expect, type Locator, type Page } from "@playwright/test";

/** The orders page as a person uses it: by names that can be read on it. */
export class OrdersPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page and waits until the feed is live. */
  async open(search = ""): Promise<this> {
    await this.page.goto(`/${search}`);
    await this.isLive();
    return this;
  }

  get connection(): Locator {
    return this.page.getByTestId("connection");
  }

  async isLive(): Promise<void> {
    await expect(this.connection).toHaveAttribute("data-state", "live");
  }

  get grid(): Locator {
    return this.page.getByRole("grid", { name: "Orders" });
  }

  /** The form of the drawer. */
  get form(): Locator {
    return this.page.locator("form");
  }

  get customerField(): Locator {
    return this.form.getByLabel("Customer", { exact: true });
  }

  /** Where a person chooses between mine and theirs. */
  get conflict(): Locator {
    return this.page.getByRole("group", { name: "Mine or theirs" });
  }

  /** A row that is still shown though it left the tab. */
  departed(id: number): Locator {
    return this.page.locator(`[data-departed-id="${id}"]`);
  }

  get selectionBar(): Locator {
    return this.page.getByRole("toolbar", { name: "Selected orders" });
  }

  /** Waits until every order is read. */
  async isComplete(): Promise<void> {
    await expect(this.grid).toHaveAttribute("data-snapshot", "complete");
  }

  /** Waits until the drawer is at hand, which comes after the page. */
  async isWarm(): Promise<void> {
    const loaded = (names: readonly string[]) =>
      names.every((name) =>
        performance
          .getEntriesByType("resource")
          .some((entry) => entry.name.includes(`/${name}-`) && entry.name.endsWith(".js")),
      );
    await this.page.waitForFunction(loaded, ["order-panel"]);
  }

  row(id: number): Locator {
    return this.page.locator(`[data-order-id="${id}"]`);
  }

  /** The rows that show this text. */
  rowsWith(text: string): Locator {
    return this.page.locator("[data-order-id]").filter({ hasText: text });
  }

  tab(name: "All" | "Pending" | "Shipped" | "Delivered"): Locator {
    return this.page.getByRole("tab", { name: new RegExp(`^${name}`) });
  }

  async create(order: { customer: string; product: string; status?: string }): Promise<void> {
    await this.page.getByRole("button", { name: "New order" }).first().click();
    const form = this.page.locator("form");
    await form.getByLabel("Customer", { exact: true }).fill(order.customer);
    await form.getByLabel("Product", { exact: true }).fill(order.product);
    await form.getByRole("button", { name: "Create order" }).click();
  }

  /** Opens the order's form, sets the customer, saves. */
  async rename(id: number, customer: string): Promise<void> {
    await this.openForm(id);
    const form = this.page.locator("form");
    await form.getByLabel("Customer", { exact: true }).fill(customer);
    await form.getByRole("button", { name: "Save" }).click();
  }

  async save(): Promise<void> {
    await this.form.getByRole("button", { name: "Save" }).click();
  }

  cell(id: number, column: string): Locator {
    return this.row(id).locator(`[data-field="${column}"]`);
  }

  /** Begins to edit the cell in place; the field. */
  async editCell(id: number, column: "customer_name" | "product_name"): Promise<Locator> {
    await this.cell(id, column).dblclick();
    return this.cell(id, column).getByRole("textbox");
  }

  /** Px from the top. */
  async scrollTo(top: number): Promise<void> {
    await this.grid.evaluate((grid, to) => {
      grid.scrollTop = to;
    }, top);
  }

  /** Opens the order's drawer by a link to it. */
  async openLink(id: number): Promise<void> {
    await this.page.goto(`/?order=${id}`);
    await expect(this.form).toBeVisible();
    await this.isLive();
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole("searchbox", { name: "Search orders" }).fill(text);
  }

  /** A finger rests on the order's card. */
  async holdDown(id: number): Promise<void> {
    const box = await this.row(id).boundingBox();
    if (box === null) throw new Error(`order ${id} is not in sight`);
    const touchPoints = [{ x: box.x + 100, y: box.y + 20 }];
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
    await expect(this.row(id)).toHaveAttribute("aria-selected", "true");
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await session.detach();
  }

  async openForm(id: number): Promise<void> {
    await this.row(id).getByRole("button", { name: /^Edit/ }).click();
    await expect(this.page.locator("form")).toBeVisible();
  }

  /** Moves the order by the menu on its badge. */
  async move(id: number, to: "Pending" | "Shipped" | "Delivered"): Promise<void> {
    await this.row(id)
      .getByRole("button", { name: /^(Pending|Shipped|Delivered)$/ })
      .click();
    await this.page.getByRole("menuitem", { name: to }).click();
  }

  async remove(id: number): Promise<void> {
    await this.row(id)
      .getByRole("button", { name: /^Delete/ })
      .click();
  }
}
