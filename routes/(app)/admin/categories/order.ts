import { categoryTree, orderCategories } from "@/domain/categories/order.ts";
import { unknownId } from "@/domain/errors.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { formAction } from "@/pages/form_page.ts";
import { MoveInList, reordered } from "@/pages/reorder.ts";

export const handler = formAction({
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
