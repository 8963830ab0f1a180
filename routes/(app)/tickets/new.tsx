import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { unusedUploads } from "@/domain/attachments/read.ts";
import { isStaff } from "@/domain/permissions.ts";
import { personText, resolvePerson } from "@/domain/search/resolve_person.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { CreateTicket, createTicket } from "@/domain/tickets/create.ts";
import { LEVEL_LABELS } from "@/domain/tickets/model/formatting.ts";
import { LEVELS } from "@/domain/tickets/model/priority.ts";
import { optional } from "@/domain/validation.ts";
import { FileUpload } from "@/islands/FileUpload.tsx";
import { Suggestions } from "@/islands/Suggestions.tsx";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { createdFlash } from "@/pages/created_flash.ts";
import { formPage } from "@/pages/form_page.ts";
import { admitAnyone } from "@/pages/uploads.ts";

/** The API's own fields, and for staff the requester by name or email. */
const NewTicketForm = CreateTicket.extend({ requester: optional(personText) });

export const handler = formPage({
  load: async (cx, _, form) => {
    const [choices, kept] = await Promise.all([
      ticketChoices(cx, { staff: false }),
      unusedUploads(cx, form.values.attachmentIds),
    ]);
    const staff = isStaff(cx.actor.role);
    return { staff, choices, kept, mostMib: cx.services.config.MAX_ATTACHMENT_MIB };
  },
  title: "New ticket",
  schema: NewTicketForm,
  files: admitAnyone,
  run: async (cx, { requester, ...input }) => {
    const person = requester !== undefined && isStaff(cx.actor.role)
      ? await resolvePerson(cx, requester, "requester")
      : null;
    const ticket = await createTicket(cx, {
      ...input,
      requesterId: person?.id ?? input.requesterId,
      source: "web",
    });
    const flash = ticket.requester.id === cx.actor.id
      ? createdFlash(cx, ticket.key)
      : `${ticket.key} has been created for ${ticket.requester.name}. You watch it too`;
    return await afterTicketChange(cx, ticket, { flash });
  },
});

const LEVEL_OPTIONS = LEVELS.map((value) => ({ value, label: LEVEL_LABELS[value] }));

export default define.page<typeof handler>((
  { data: { staff, choices, form, kept, mostMib } },
) => {
  const { values, errors } = form;
  return (
    <div class="page page-narrow">
      <PageHeader title="New ticket" crumbs={[{ label: "Tickets", href: "/tickets" }, { label: "New" }]} />
      <ErrorList form={form} />
      <form class="form" method="post" encType="multipart/form-data">
        <HiddenFields form={form} once />
        <Field
          name="type"
          label="What is it?"
          kind="segmented"
          value={values.type ?? "incident"}
          options={[
            { value: "incident", label: "Something is broken" },
            { value: "service_request", label: "I need something" },
          ]}
          error={errors.type}
        />
        {staff && (
          <Field
            name="requester"
            label="Who is it for?"
            value={values.requester}
            error={errors.requester ?? errors.requesterId}
            hint="A name or email. Leave empty if it is for you"
            list="requesters"
            autoComplete="off"
            optional
          />
        )}
        {staff && <Suggestions field="f-requester" list="requesters" kind="people" />}
        <Field
          name="title"
          label="Title"
          value={values.title}
          error={errors.title}
          hint="A short summary"
          maxLength={200}
          autoFocus
          required
        />
        <Field
          name="description"
          label="Description"
          kind="textarea"
          rows={8}
          value={values.description}
          error={errors.description}
          hint="What happened, what you expected, and since when. Markdown is supported"
        />
        <Field
          name="categoryId"
          label="Category"
          kind="select"
          value={values.categoryId ?? ""}
          options={[
            { value: "", label: "Not sure" },
            ...choices.categories.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          error={errors.categoryId}
        />
        <div class="form-row">
          <Field
            name="impact"
            label="How many people are affected?"
            kind="select"
            value={values.impact ?? "low"}
            options={[
              { value: "low", label: "Me" },
              { value: "medium", label: "My team" },
              { value: "high", label: "The whole company" },
            ]}
            error={errors.impact}
          />
          <Field
            name="urgency"
            label="How urgent is it?"
            kind="select"
            value={values.urgency ?? "medium"}
            options={LEVEL_OPTIONS}
            error={errors.urgency}
          />
        </div>
        <FileUpload mostMib={mostMib} kept={kept} error={errors.file ?? errors.attachmentIds} />
        <div class="form-actions">
          <Button variant="primary">Create ticket</Button>
          <ButtonLink href="/tickets" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </div>
  );
});
