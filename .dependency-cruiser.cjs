/** The layers of docs/ARCHITECTURE.md: dependencies point one way, type imports included. */
/** What runs in tests only: test files, and the folders of what they share. */
const TEST = "\\.test\\.tsx?$|/(test|fakes?|bench)/";

const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: `^${from}/`, pathNot: TEST },
  to: {
    path: "^(apps|packages|e2e|bench|examples|faults|scripts)/",
    pathNot: [from, ...allowed].map((folder) => `^${folder}/`),
  },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    only("protocol-imports-nothing", "packages/protocol", []),
    only("store-imports-protocol", "packages/store", ["packages/protocol"]),
    only("relay-imports-protocol-and-store", "packages/relay", ["packages/protocol", "packages/store"]),
    only("store-mongo-imports-protocol-and-store", "packages/store-mongo", [
      "packages/protocol",
      "packages/store",
    ]),
    only("store-postgres-imports-protocol-and-store", "packages/store-postgres", [
      "packages/protocol",
      "packages/store",
    ]),
    only("client-imports-protocol", "packages/client", ["packages/protocol"]),
    only("embedded-imports-nothing", "packages/embedded", []),
    only("web-imports-client-and-protocol", "apps/web", ["packages/client", "packages/protocol"]),
    only("cli-imports-client-and-protocol", "apps/cli", ["packages/client", "packages/protocol"]),
    only("agent-imports-client-and-stores", "apps/agent", [
      "packages/client",
      "packages/protocol",
      "packages/store",
      "packages/store-mongo",
      "packages/store-postgres",
    ]),
    only("api-imports-no-client", "apps/api", [
      "packages/protocol",
      "packages/store",
      "packages/relay",
      "packages/store-mongo",
      "packages/store-postgres",
      "packages/embedded",
    ]),
    only("examples-are-programs-of-others", "examples", []),
    {
      name: "only-the-opener-names-a-store",
      comment: "The rest of the API, and of the agent, knows the seams of packages/store alone.",
      severity: "error",
      from: {
        path: "^apps/(api|agent)/src/",
        pathNot: ["^apps/api/src/open-store\\.ts$", "^apps/agent/src/open-messages\\.ts$", TEST],
      },
      to: { path: "^packages/store-(mongo|postgres)/" },
    },
    {
      name: "e2e-and-faults-import-no-app",
      severity: "error",
      from: { path: "^(e2e|faults|packages)/" },
      to: { path: "^apps/" },
    },
    {
      name: "testkit-is-for-tests",
      severity: "error",
      from: {
        path: "^(apps|packages)/",
        pathNot: ["^packages/(testkit|simulation)/", TEST],
      },
      to: { path: "^packages/testkit/" },
    },
    {
      name: "relay-is-pure",
      severity: "error",
      from: { path: "^packages/(relay|store|protocol)/", pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules/(mongodb|mongoose|express|socket\\.io|pg)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    exclude: { path: "(^|/)(dist|\\.data|test-results)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default", "types"] },
  },
};
