import { z } from "zod";
import { editCatalogItem } from "@/domain/catalog/write.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { formBoolean, version } from "@/domain/validation.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { editFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";

export const handler = formAction({
  schema: z.object({ version, archived: formBoolean }),
  roles: MANAGERS,
  run: async (cx, input, ctx) => {
    const { name } = await editCatalogItem(cx, { ...input, id: idParam(ctx, "item") });
    return { to: "/admin/catalog", flash: editFlash(`Catalog item “${name}”`, input.archived) };
  },
});
