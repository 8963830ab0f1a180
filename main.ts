import { App, staticFiles } from "fresh";
import { createApi } from "./api/app.ts";
import type { State } from "./define.ts";
import { health, ready } from "./edge/health.ts";

const api = createApi();

/** The app: what answers a request that came through the edge. Importing it starts nothing. */
export const app = new App<State>()
  .get("/healthz", health)
  .get("/readyz", ready)
  .all("/v1", (ctx) => api.fetch(ctx.req))
  .all("/v1/*", (ctx) => api.fetch(ctx.req))
  // Behind the API, which has no files to look for.
  .use(staticFiles())
  .fsRoutes();
