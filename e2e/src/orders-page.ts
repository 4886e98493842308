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
