import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { categoryTree, orderCategories } from "@/domain/categories/order.ts";
import { unknownId } from "@/domain/errors.ts";
import { submit } from "@/pages/load.ts";
import { MoveInList, reordered } from "@/pages/reorder.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: MoveInList,
      roles: MANAGERS,
      run: async (cx, move) => {
        const tree = await categoryTree(cx);
        const moved = tree.find(({ id }) => id === move.id);
        if (!moved) throw unknownId("id");
        const { parentId } = moved;
        const siblings = tree.filter((node) => node.parentId === parentId).map(({ id }) => id);
        await orderCategories(cx, { parentId, ids: reordered(siblings, move) });
        return { to: "/admin/categories" };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
