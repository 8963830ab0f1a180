import { wholeCatalog } from "@/domain/catalog/read.ts";
import { orderCatalog } from "@/domain/catalog/write.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { formAction } from "@/pages/form_page.ts";
import { MoveInList, reordered } from "@/pages/reorder.ts";

export const handler = formAction({
  schema: MoveInList,
  roles: MANAGERS,
  run: async (cx, move) => {
    const items = await wholeCatalog(cx, { archived: true });
    await orderCatalog(cx, { ids: reordered(items.map(({ id }) => id), move) });
    return { to: "/admin/catalog" };
  },
});
