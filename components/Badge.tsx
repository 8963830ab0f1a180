import type { ComponentChildren } from "preact";
import { PRIORITY_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { STATUS_TONES } from "./labels.ts";
import type { Priority, TicketStatus, Tone } from "./types.ts";

/** A small mark with words: a role, "Invited", "Deactivated". */
export function Badge({ tone = "neutral", children }: {
  tone?: Tone | undefined;
  children: ComponentChildren;
}) {
  return <span class={`badge tone-${tone}`}>{children}</span>;
}

/** A ticket's status, by word, glyph and tone. */
export function StatusBadge({ status }: { status: TicketStatus }) {
  return (
    <span class={`badge badge-glyph tone-${STATUS_TONES[status]}`}>
      <StatusGlyph status={status} />
      {STATUS_LABELS[status]}
    </span>
  );
}

/** A ring that fills as the work goes on. */
function StatusGlyph({ status }: { status: TicketStatus }) {
  return (
    <svg class="glyph" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {GLYPHS[status]}
    </svg>
  );
}

const RING = "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2Z";

const GLYPHS: Record<TicketStatus, ComponentChildren> = {
  new: (
    <>
      <path d={RING} stroke-dasharray="2.1 2.46" />
      <circle class="solid" cx="8" cy="8" r="2" />
    </>
  ),
  open: <path d={RING} />,
  in_progress: (
    <>
      <path d={RING} />
      <path class="solid" d="M8 4.6a3.4 3.4 0 0 1 0 6.8Z" />
    </>
  ),
  pending: (
    <>
      <path d={RING} />
      <path d="M6.6 6v4M9.4 6v4" />
    </>
  ),
  resolved: (
    <>
      <path d={RING} />
      <path d="M5.6 8.2l1.7 1.7 3.2-3.5" />
    </>
  ),
  closed: (
    <>
      <path class="solid" d="M8 1.4a6.6 6.6 0 1 0 0 13.2A6.6 6.6 0 0 0 8 1.4Z" />
      <path class="cut" d="M5.5 8.2l1.8 1.8 3.3-3.6" />
    </>
  ),
  cancelled: (
    <>
      <path d={RING} />
      <path d="M6.1 6.1l3.8 3.8M9.9 6.1l-3.8 3.8" />
    </>
  ),
};

const BARS = ["M2.5 10h2.6v3.5H2.5Z", "M6.7 6.5h2.6v7H6.7Z", "M10.9 3h2.6v10.5h-2.6Z"];
const FILLED: Record<Priority, number> = { low: 1, medium: 2, high: 3, urgent: 3 };

/** A ticket's priority: rising bars, an exclamation mark when urgent, and the word. */
export function PriorityBadge({ priority, iconOnly = false }: {
  priority: Priority;
  iconOnly?: boolean | undefined;
}) {
  const word = PRIORITY_LABELS[priority];
  return (
    <span class={`priority priority-${priority}`} title={`Priority: ${word}`}>
      <svg class="glyph" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {priority === "urgent"
          ? (
            <>
              <rect class="solid" x="1.5" y="1.5" width="13" height="13" rx="3" />
              <path class="cut" d="M8 4.5v4M8 11.3v.1" />
            </>
          )
          : BARS.map((d, i) => <path key={d} class={i < FILLED[priority] ? "solid" : "ghost"} d={d} />)}
      </svg>
      <span class={iconOnly ? "visually-hidden" : "priority-word"}>{word}</span>
    </span>
  );
}
