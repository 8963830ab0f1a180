import { type Context, page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { unusedUploads } from "@/domain/attachments/read.ts";
import type { Attachment } from "@/domain/attachments/types.ts";
import { isStaff } from "@/domain/permissions.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { CreateTicket, createTicket } from "@/domain/tickets/create.ts";
import { LEVEL_LABELS } from "@/domain/tickets/model/formatting.ts";
import { findNamedPerson, personText } from "@/domain/search/resolve_person.ts";
import { LEVELS } from "@/domain/tickets/model/priority.ts";
import { optional } from "@/domain/validation.ts";
import { FileUpload } from "@/islands/FileUpload.tsx";
import { Suggestions } from "@/islands/Suggestions.tsx";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";

interface Data {
  staff: boolean;
  choices: TicketChoices;
  form: FormState;
  /** What a refused form has of files already. */
  kept: Attachment[];
  /** MiB of one file at most. */
  mostMib: number;
}

async function loadForm(ctx: Context<State>, form: FormState): Promise<Data> {
  ctx.state.title = "New ticket";
  return await load(ctx, async (cx) => {
    const [choices, kept] = await Promise.all([
      ticketChoices(cx, { staff: false }),
      unusedUploads(cx, form.values.attachmentIds),
    ]);
    const staff = isStaff(cx.actor.role);
    return { staff, choices, form, kept, mostMib: cx.services.config.MAX_ATTACHMENT_MIB };
  });
}

/** The API's own fields, and for staff whom it is for: a name or an address. */
const NewTicketForm = CreateTicket.extend({ requester: optional(personText) });

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await loadForm(ctx, EMPTY_FORM)),
  async POST(ctx) {
    ctx.state.title = "New ticket";
    const result = await submit(ctx, {
      schema: NewTicketForm,
      // Whoever is signed in may raise a ticket.
      files: { admit: () => Promise.resolve() },
      run: async (cx, { requester, ...input }) => {
        const person = requester !== undefined && isStaff(cx.actor.role)
          ? await findNamedPerson(cx, requester, "requester")
          : null;
        const ticket = await createTicket(cx, {
          ...input,
          requesterId: person?.id ?? input.requesterId,
          source: "web",
        });
        const flash = ticket.requester.id === cx.actor.id
          ? `${ticket.key} is open. We keep you posted by e-mail.`
          : `${ticket.key} is open for ${ticket.requester.name}. You watch it too.`;
        return { to: `/tickets/${ticket.key}`, flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await loadForm(ctx, result.form), { status: result.status });
  },
});

const LEVEL_OPTIONS = LEVELS.map((value) => ({ value, label: LEVEL_LABELS[value] }));

export default define.page<typeof handler>((
  { data: { staff, choices, form: { values, errors }, kept, mostMib } },
) => (
  <div class="page page-narrow">
    <PageHeader title="New ticket" crumbs={[{ label: "Tickets", href: "/tickets" }, { label: "New" }]} />
    <FormErrors errors={Object.entries(errors).map(([field, message]) => ({ field, message }))} />
    <form class="form" method="post" encType="multipart/form-data">
      <input type="hidden" name="idempotencyKey" value={values.idempotencyKey ?? crypto.randomUUID()} />
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
          hint="A name or e-mail address; leave empty if it is for you"
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
        <Button variant="primary">Open ticket</Button>
        <ButtonLink href="/tickets" variant="quiet">Cancel</ButtonLink>
      </div>
    </form>
  </div>
));
