import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `vite dev` finds the API; the built page is served by the API itself, from the same origin. */
const api = process.env["API_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react()],
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": { target: api },
      "/socket.io": { target: api, ws: true },
    },
  },
  build: {
    // The page's content security policy has no `data:` for fonts.
    assetsInlineLimit: 0,
    target: "es2023",
    sourcemap: true,
    // For scripts/page-weight.ts.
    manifest: true,
  },
});
