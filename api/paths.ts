import { z } from "@hono/zod-openapi";
import { isUuid } from "@/db/door.ts";
import { DomainError } from "@/domain/errors.ts";

/** An id in a path. A malformed one is 404, like an unknown one. */
export const idInPath = z.string().transform((text) => {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw new DomainError("not_found");
  return id;
});

/** A path with one id. */
export const idPath = z.object({ id: idInPath });
