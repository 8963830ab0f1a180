import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { Macro } from "@/domain/replies/macros/read.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import type { FormState } from "@/pages/forms.ts";
import { macroValues } from "@/routes/(app)/admin/macros/(_data)/macro_form.ts";
import { ReplyCard, StatusCard } from "./ReplyAndStatusCards.tsx";
import { AssignmentCard, FieldsCard } from "./RoutingCards.tsx";

/** Everything a macro can do, in the order it is done. */
export function MacroForm({ macro, choices, form }: {
  macro?: Macro;
  choices: TicketChoices;
  form: FormState;
}) {
  const values = { ...(macro ? macroValues(macro) : {}), ...form.values };
  const shown = { ...form, values };
  const { actions: general, ...errors } = form.errors;
  return (
    <>
      <ErrorList form={{ errors }} message={general} />
      <form class="form" id="macro" method="post">
        <HiddenFields form={form} version={macro?.version} once={!macro} />
        <FormField form={shown} name="name" label="Name" maxLength={120} autoFocus={!macro} required />
        <FormField form={shown} name="description" label="When to use it" maxLength={500} optional />
        <FieldsCard form={shown} choices={choices} macro={macro} />
        <ReplyCard form={shown} />
        <StatusCard form={shown} />
        <AssignmentCard form={shown} choices={choices} macro={macro} />
        <div class="form-actions">
          <Button variant="primary">Save</Button>
          <ButtonLink href="/admin/macros" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}
