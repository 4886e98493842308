import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from "@asteasolutions/zod-to-openapi";
import { activityPaths } from "./activity-paths.ts";
import { agentPaths } from "./agent-paths.ts";
import { feedPaths } from "./feed-paths.ts";
import { nameSchemas } from "./named-schemas.ts";
import { orderPaths } from "./order-paths.ts";

const DESCRIPTION = `Orders, and every change of them, live.

Each answer has a \`position\` in the one feed of changes. A \`cursor\` says "all up to here has been seen" and works on
every transport: \`/api/changes\`, \`/api/changes/stream\`, and Socket.IO's \`watch\` at its default path.`;

/** The API in OpenAPI 3.1, made of the schemas that check its requests. */
export function openApiDocument(): ReturnType<OpenApiGeneratorV31["generateDocument"]> {
  nameSchemas();
  const registry = new OpenAPIRegistry();
  for (const path of orderPaths) registry.registerPath({ ...path, tags: ["Orders"] });
  for (const path of activityPaths) registry.registerPath({ ...path, tags: ["Activity"] });
  for (const path of agentPaths) registry.registerPath({ ...path, tags: ["Agent"] });
  for (const path of feedPaths) registry.registerPath({ ...path, tags: [isFeed(path) ? "Feed" : "Server"] });
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title: "Live Orders", version: "1.0.0", description: DESCRIPTION },
  });
}

const isFeed = ({ path }: RouteConfig): boolean => path.startsWith("/api/changes");
