import { HttpError } from "fresh";
import { define } from "@/define.ts";

/** No other route matched: thrown inside the middleware chain, so that our error page answers. */
export const handler = define.handlers(() => {
  throw new HttpError(404);
});
