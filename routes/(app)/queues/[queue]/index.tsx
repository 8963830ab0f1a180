import { page } from "fresh";
import { define } from "@/define.ts";
import { BoardPage } from "./(_components)/BoardPage.tsx";
import { type BoardData, boardData } from "./(_data)/data.ts";

export const handler = define.handlers<BoardData>({
  GET: async (ctx) => page(await boardData(ctx)),
});

export default define.page<typeof handler>(BoardPage);
