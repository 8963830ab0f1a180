import { Field } from "./Field.tsx";
import type { TicketStatus } from "./types.ts";

const REASONS = [
  { value: "requester", label: "The requester" },
  { value: "vendor", label: "A vendor" },
  { value: "scheduled", label: "A date" },
];

/** What a change of status needs besides the status. */
export function TransitionFields({ to, values = {}, errors = {} }: {
  to: TicketStatus;
  values?: Record<string, string> | undefined;
  errors?: Record<string, string> | undefined;
}) {
  const shared = (name: string) => ({ name, idPrefix: to, value: values[name], error: errors[name] });
  if (to === "pending") {
    return (
      <>
        <Field {...shared("reason")} label="Waiting for" kind="select" options={REASONS} />
        <Field
          {...shared("until")}
          label="Until"
          kind="datetime-local"
          hint="It opens again then. Needed when waiting for a date"
        />
      </>
    );
  }
  if (to === "resolved") {
    return (
      <Field
        {...shared("note")}
        label="Resolution note"
        kind="textarea"
        required
        maxLength={65536}
        hint="Visible to the requester"
      />
    );
  }
  return (
    <Field
      {...shared("note")}
      label={to === "open" ? "What is still wrong?" : "Why is it being cancelled?"}
      kind="textarea"
      optional
      maxLength={65536}
    />
  );
}
