import { Card } from "@/components/Card.tsx";
import { FormField } from "@/components/FormField.tsx";
import { type Property, PropertyList } from "@/components/PropertyList.tsx";
import type { UserView } from "@/domain/accounts/users.ts";
import type { Responsibilities } from "@/domain/handover/responsibilities.ts";
import type { Count, Named } from "@/domain/shared/types.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { FormState } from "@/pages/forms.ts";
import { ticketsSaid } from "@/routes/(app)/admin/(_data)/tickets_back.ts";
import { optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";

/** What a person is responsible for: read it before they leave. */
export function ResponsibilitiesCard({ user, hanging }: { user: UserView; hanging: Responsibilities }) {
  const { assigned, watched, requested, queues, sharedViews, sharedReports, handover } = hanging;
  const staff: Property[] = [
    {
      label: "Assigned tickets",
      value: <a href={`/tickets?assigneeId=${user.id}&status=active`}>{said(assigned)}</a>,
    },
    {
      label: "Queues",
      value:
        queues.map(({ name, onlyMember }) => onlyMember ? `${name} (the only member)` : name).join(", ") ||
        "None",
    },
    { label: "Shared views", value: sharedViews.map(({ name }) => name).join(", ") || "None" },
    { label: "Shared reports", value: sharedReports.map(({ name }) => name).join(", ") || "None" },
  ];
  return (
    <Card title="Responsibilities">
      {handover && (
        <p class="hint">
          {assigned.count > 0
            ? `${ticketsSaid(assigned)} still to hand over to ${handover.handTo?.name ?? "their queues"}.`
            : "What they watch is still to be taken from them."} {handover.heldUp
            ? "The last attempt failed. It is tried again automatically; the server's log says why."
            : "This goes on in the background."}
        </p>
      )}
      <PropertyList
        items={[
          ...(isStaff(user.role) ? staff : []),
          { label: "Watched tickets", value: said(watched) },
          { label: "Own active tickets", value: said(requested) },
        ]}
      />
      {isStaff(user.role) && user.active && (
        <p class="hint">
          If you deactivate them or make them a requester, their assigned tickets, queues, shared views and
          shared reports are handed over, which takes a moment if there are many, and they stop watching
          tickets. Tickets they opened stay theirs.
        </p>
      )}
    </Card>
  );
}

/** Who takes over from somebody who leaves. */
export function HandToField({ form, successors, idPrefix, hint }: {
  form: FormState;
  successors: readonly Named[];
  idPrefix: string;
  hint?: string;
}) {
  return (
    <FormField
      form={form}
      idPrefix={idPrefix}
      hint={hint}
      name="handTo"
      label="Hand over to"
      kind="select"
      options={[{ value: "", label: "Nobody: back to their queues" }, ...optionsOf(successors)]}
    />
  );
}

function said({ count, capped }: Count): string {
  return capped ? `${count}+` : String(count);
}
