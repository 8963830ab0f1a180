/** What the built server imports. */
export { serveSnapshot } from "./build.ts";
