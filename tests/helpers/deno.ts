/** How tests start programs of the project. */

const ALLOWED = ["net", "read", "write", "env", "run", "sys", "ffi"].map((name) => `--allow-${name}`);

/** What the product may do, with node_modules taken as they are: checking them takes as long as the start itself. */
export const PERMITTED = ["--node-modules-dir=manual", ...ALLOWED];
