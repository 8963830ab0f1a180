import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { wholeCatalog } from "@/domain/catalog/read.ts";
import { orderCatalog } from "@/domain/catalog/write.ts";
import { submit } from "@/pages/load.ts";
import { MoveInList, reordered } from "@/pages/reorder.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: MoveInList,
      roles: MANAGERS,
      run: async (cx, move) => {
        const items = await wholeCatalog(cx, { archived: true });
        await orderCatalog(cx, { ids: reordered(items.map((item) => item.id), move) });
        return { to: "/admin/catalog" };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
