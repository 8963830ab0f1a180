import { HttpError } from "fresh";
import { define } from "@/define.ts";

/** What no other route answers: thrown inside the chain, so that the error page is ours. */
export const handler = define.handlers(() => {
  throw new HttpError(404);
});
