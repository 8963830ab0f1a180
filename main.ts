import { App, staticFiles } from "fresh";
import { createApi } from "./api/app.ts";
import type { State } from "./define.ts";
import { health, ready } from "./edge/health.ts";

const api = createApi();
const files = staticFiles<State>();

/** Where scripts and static files are. They answer before the patterns of pages are tried, one after the other. */
export const FILES = ["/_fresh/*", "/styles.css", "/favicon.svg", "/logo.svg", "/favicon.ico"];

/** The app: what answers a request that came through the edge. Importing it starts nothing. */
export const app = FILES.reduce((app, path) => app.get(path, files), new App<State>())
  .get("/healthz", health)
  .get("/readyz", ready)
  .all("/v1", (ctx) => api.fetch(ctx.req))
  .all("/v1/*", (ctx) => api.fetch(ctx.req))
  .fsRoutes();
