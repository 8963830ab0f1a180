import { type CommentData, CommentItem } from "./Comment.tsx";
import { type EventData, TimelineItem } from "./TimelineItem.tsx";

/** One entry of the conversation, oldest first. */
export type ConversationEntry = ({ kind: "comment" } & CommentData) | ({ kind: "event" } & EventData);

/** Comments and events in one stream along a line. */
export function Conversation({ entries }: { entries: ConversationEntry[] }) {
  return (
    <ol class="conversation" aria-label="Conversation">
      {entries.map((entry) =>
        entry.kind === "comment"
          ? <CommentItem key={entry.id} comment={entry} />
          : <TimelineItem key={entry.id} event={entry} />
      )}
    </ol>
  );
}
