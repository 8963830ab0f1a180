import type { BoardScope } from "@/browser/board_updates.ts";
import { useBoard } from "@/browser/use_board.ts";
import type { ColumnData } from "@/components/BoardCard.tsx";
import { BoardColumn } from "@/components/BoardColumn.tsx";
import { MoveDialog } from "@/components/BoardMove.tsx";

/**
 * A queue's tickets by status. Cards are dragged with the mouse, or with the keyboard: Space picks one up, arrows move
 * it, Enter drops it, Escape cancels. On touch screens, and without scripts, each card has a form.
 */
export function Board({ columns, action, scope }: {
  columns: ColumnData[];
  action: string;
  scope: BoardScope;
}) {
  const board = useBoard({ columns, action, scope });
  const isReady = board.isReady.value;
  return (
    <>
      <p data-island class="board-said" role="status">
        {board.announcement.value ||
          (isReady && <span class="board-hint">Drag a card, or press Space on it</span>)}
      </p>
      <div data-island class={isReady ? "board is-ready" : "board"}>
        {board.shown.value.map((column) => (
          <BoardColumn
            key={column.status}
            column={column}
            action={action}
            drag={board.drag}
            isReady={isReady}
            onPress={board.press}
            onDrop={board.drop}
          />
        ))}
      </div>
      {board.pending.value && <MoveDialog {...board.pending.value} onDone={board.finish} />}
    </>
  );
}
