import { defineConfig } from "vitest/config";

const services = ["**/*.{mongo,postgres,system}.test.ts"];
const ignored = ["**/node_modules/**", "**/dist/**", "e2e/**"];

export default defineConfig({
  test: {
    // Two workers: each may run a database of its own, on machines with two cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...ignored, ...services],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "services",
          include: services,
          exclude: ignored,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
