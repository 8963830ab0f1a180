import { page } from "fresh";
import { define } from "@/define.ts";
import { type BoardData, boardData } from "./(_data)/board_data.ts";

export const handler = define.handlers<BoardData>({
  GET: async (ctx) => page(await boardData(ctx)),
});

export { BoardPage as default } from "./(_components)/BoardPage.tsx";
