/** Building: the counterpart of `@fresh/core/dev`. */
export { Builder, type BuildOptions } from "./builder.ts";
