import { z } from "@hono/zod-openapi";
import { isUuid } from "@/db/door.ts";
import { DomainError } from "@/domain/errors.ts";

/** An id in a path. What is no id names nothing: that is 404, as for an unknown one. */
export const idInPath = z.string().transform((text) => {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw new DomainError("not_found");
  return id;
});

/** A path with the id of something. */
export const idPath = z.object({ id: idInPath });

/** `?archived=true`: archived ones as well. */
export const withArchived = {
  archived: z.enum(["true", "false"]).default("false").transform((text) => text === "true"),
};
