import { defineConfig } from "@playwright/test";
import config from "./playwright.config.ts";

/** `pnpm screenshots`: not tests, pictures to look at. */
export default defineConfig(config, { testMatch: "*.shots.ts" });
