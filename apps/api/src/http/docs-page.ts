import { createRequire } from "node:module";
import { dirname } from "node:path";
import express, { Router } from "express";
import { route } from "./route.ts";

const require = createRequire(import.meta.url);
const SWAGGER_UI = dirname(require.resolve("swagger-ui-dist/package.json"));

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Live Orders API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" sizes="32x32" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// The validator is a service on the network: off.
const START = `SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#swagger-ui", validatorUrl: null });\n`;

/** The API's page, from this server alone: it works with no network. */
export function docsPage(): Router {
  const router = Router();
  route(router, "/", {
    get: (_request, response) => void response.type("html").set("Cache-Control", "no-cache").send(PAGE),
  });
  route(router, "/start.js", {
    get: (_request, response) =>
      void response.type("text/javascript").set("Cache-Control", "no-cache").send(START),
  });
  router.use(express.static(SWAGGER_UI, { index: false, redirect: false }));
  return router;
}
