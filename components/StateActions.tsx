import { Button, buttonClass } from "./Button.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import { TransitionFields } from "./TransitionFields.tsx";
import type { TicketStatus } from "./types.ts";

/** `save` is on the button of its form, where that isn't the label. */
interface Word {
  label: string;
  icon: IconName;
  save?: string;
}

const WORDS: Record<TicketStatus, Word> = {
  new: { label: "Mark as new", icon: "ticket" },
  open: { label: "Move to open", icon: "inbox" },
  in_progress: { label: "Start work", icon: "arrow" },
  pending: { label: "Set pending", icon: "clock" },
  resolved: { label: "Resolve", icon: "check" },
  closed: { label: "Close", icon: "lock" },
  cancelled: { label: "Cancel ticket", icon: "ban" },
};

const ENDED: TicketStatus[] = ["resolved", "closed", "cancelled"];

/**
 * One form for each allowed transition: posts `to`, `version` and, where it needs them, `note`, `reason` and `until`
 * to `action`. After a refusal the form of `failed` is open again, with `values` and `errors` by field.
 */
export function StateActions(props: {
  action: string;
  version: number;
  from: TicketStatus;
  allowed: TicketStatus[];
  failed?: TicketStatus | undefined;
  values?: Record<string, string> | undefined;
  errors?: Record<string, string> | undefined;
  /** What a pending ticket waits for, where that can be changed. */
  waiting?: Record<string, string> | undefined;
}) {
  const { waiting, allowed } = props;
  return (
    <div class="state-actions" role="group" aria-label="Change status">
      {waiting && <Transition {...props} to="pending" />}
      {allowed.map((to) => <Transition key={to} {...props} to={to} />)}
    </div>
  );
}

type TransitionProps = Parameters<typeof StateActions>[0] & { to: TicketStatus };

function Transition({ to, ...props }: TransitionProps) {
  const reopens = to === "open" && ENDED.includes(props.from);
  const word: Word = reopens
    ? { label: "Reopen", icon: "refresh" }
    : to === "pending" && props.waiting
    ? { label: "Change pending", icon: "clock", save: "Save" }
    : WORDS[to];
  const hidden = (
    <>
      <input type="hidden" name="to" value={to} />
      <input type="hidden" name="version" value={props.version} />
    </>
  );
  if (to !== "resolved" && to !== "pending" && to !== "cancelled" && !reopens) {
    return (
      <form method="post" action={props.action}>
        {hidden}
        <Button icon={word.icon}>{word.label}</Button>
      </form>
    );
  }
  const failed = props.failed === to;
  const variant = to === "resolved" ? "primary" : to === "cancelled" ? "quiet" : "secondary";
  return (
    <details class="menu" name="transition" open={failed}>
      <summary class={buttonClass({ variant, children: true })}>
        <Icon name={word.icon} />
        {word.label}…
      </summary>
      <form class="menu-panel menu-form" method="post" action={props.action}>
        {hidden}
        <TransitionFields
          to={to}
          values={failed ? props.values : props.waiting}
          errors={failed ? props.errors : undefined}
        />
        <Button variant={to === "cancelled" ? "danger" : "primary"} block>{word.save ?? word.label}</Button>
      </form>
    </details>
  );
}
