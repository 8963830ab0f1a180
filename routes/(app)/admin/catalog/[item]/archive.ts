import { z } from "zod";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { editCatalogItem } from "@/domain/catalog/write.ts";
import { DomainError } from "@/domain/errors.ts";
import { id, version } from "@/domain/validation.ts";
import { submit } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: z.object({ version, archived: z.enum(["yes", "no"]) }),
      roles: MANAGERS,
      run: async (cx, input) => {
        const parsed = id.safeParse(ctx.params.item);
        if (!parsed.success) throw new DomainError("not_found");
        const archived = input.archived === "yes";
        const item = await editCatalogItem(cx, { id: parsed.data, version: input.version, archived });
        return {
          to: "/admin/catalog",
          flash: archived ? `Catalog item “${item.name}” archived` : `Catalog item “${item.name}” restored`,
        };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
