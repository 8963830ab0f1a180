import { type Context, page } from "fresh";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { EditSettings, editSettings, readSettings, type Settings } from "@/domain/organisations/settings.ts";
import { version } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { localeOptions, zoneOptions } from "@/routes/(app)/profile/(_data)/choices.ts";

interface Data {
  settings: Settings;
  form: FormState;
  /** Default quota of the installation in MiB. */
  quota: number;
  /** Address for new tickets; null if the installation receives no email. */
  mailTo: string | null;
}

async function settingsData(ctx: Context<State>, form: FormState): Promise<Data> {
  ctx.state.title = "Organisation";
  return await load(ctx, async (cx) => ({
    settings: await readSettings(cx),
    form,
    quota: cx.services.config.ATTACHMENT_QUOTA_MIB,
    mailTo: cx.services.config.INBOUND_DOMAIN
      ? `${cx.tenant.slug}@${cx.services.config.INBOUND_DOMAIN}`
      : null,
  }), ADMINS);
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await settingsData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: EditSettings.extend({ version }),
      roles: ADMINS,
      // Browsers don't send unticked boxes.
      prepare: (values) => ({ agentsSeeAll: "off", ...values }),
      run: async (cx, input) => {
        await editSettings(cx, input);
        return { to: "/admin/organisation", flash: "Settings saved" };
      },
    });
    if (result instanceof Response) return result;
    return page(await settingsData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data }) => {
  const { form: { errors, refusal } } = data;
  const listed = Object.entries(errors).map(([field, message]) => ({ field, message }));
  return (
    <div class="page page-narrow">
      <PageHeader title="Organisation" crumbs={[{ label: "Administration", href: "/admin" }]} />
      <FormErrors errors={listed} />
      {refusal?.code === "stale_version" && (
        <p class="muted">
          What you typed is below. See under Audit what changed, then save again or reload the page.
        </p>
      )}
      <form class="form-cards" id="organisation" method="post" action="/admin/organisation">
        <input type="hidden" name="version" value={data.settings.version} />
        <GeneralCard data={data} />
        <TicketsCard data={data} />
        <MailCard data={data} />
        <FilesCard data={data} />
        <div class="form-actions">
          <Button variant="primary">Save settings</Button>
        </div>
      </form>
    </div>
  );
});

function GeneralCard({ data: { settings, form: { values, errors } } }: { data: Data }) {
  const locale = values.locale ?? settings.locale;
  const timeZone = values.timeZone ?? settings.timeZone;
  return (
    <Card title="General">
      <div class="form">
        <div class="form-row">
          <Field
            name="name"
            label="Name"
            value={values.name ?? settings.name}
            error={errors.name}
            hint="Shown to everyone, and as the sender of emails"
            maxLength={120}
            required
          />
          <Field
            name="slug"
            label="Short name"
            value={settings.slug}
            hint={`Part of the address /o/${settings.slug}/sign-in; can't be changed`}
            readOnly
          />
        </div>
        <div class="form-row">
          <Field
            name="locale"
            label="Language and region"
            kind="select"
            value={locale}
            options={localeOptions(locale)}
            error={errors.locale}
            hint="Default for new people; they can change it"
          />
          <Field
            name="timeZone"
            label="Time zone"
            kind="select"
            value={timeZone}
            options={zoneOptions(timeZone)}
            error={errors.timeZone}
            hint="Default for new people"
          />
        </div>
      </div>
    </Card>
  );
}

function TicketsCard({ data: { settings, form: { values, errors, refusal } } }: { data: Data }) {
  return (
    <Card title="Tickets">
      <div class="form">
        <Field
          name="agentsSeeAll"
          label="Agents see all tickets"
          kind="checkbox"
          checked={refusal ? values.agentsSeeAll === "on" : settings.agentsSeeAll}
          error={errors.agentsSeeAll}
          hint="When off, they only see tickets in their queues or without a queue, and those they are assigned to or involved in"
        />
        <div class="form-row">
          <Field
            name="autoCloseDays"
            label="Close resolved tickets after (days)"
            kind="number"
            inputMode="numeric"
            value={values.autoCloseDays ?? String(settings.autoCloseDays)}
            error={errors.autoCloseDays}
            hint="Resolved tickets close automatically; 0 means never"
            required
          />
          <Field
            name="reopenDays"
            label="Reopen window (days)"
            kind="number"
            inputMode="numeric"
            value={values.reopenDays ?? String(settings.reopenDays)}
            error={errors.reopenDays}
            hint="How long after closing a reply reopens the ticket"
            required
          />
        </div>
        <Field
          name="commentEditMinutes"
          label="Comment edit window (minutes)"
          kind="number"
          inputMode="numeric"
          value={values.commentEditMinutes ?? String(settings.commentEditMinutes)}
          error={errors.commentEditMinutes}
          hint="How long authors can edit their comments; earlier versions are kept. 0 means never"
          required
        />
      </div>
    </Card>
  );
}

function MailCard({ data: { settings, mailTo, form: { values, errors } } }: { data: Data }) {
  return (
    <Card title="Email">
      <div class="form">
        {mailTo && (
          <Field
            name="mailTo"
            label="Address for new tickets"
            value={mailTo}
            hint="Emails to this address become tickets"
            readOnly
          />
        )}
        <Field
          name="inboundUnknown"
          label="Emails from unknown senders"
          kind="select"
          value={values.inboundUnknown ?? settings.inboundUnknown}
          options={[
            { value: "reject", label: "Reject" },
            { value: "accept", label: "Accept, and add the sender as a requester" },
          ]}
          error={errors.inboundUnknown}
          hint={mailTo
            ? "Accepted replies from other addresses become internal notes, marked as unverified"
            : "Takes effect once this installation receives email (INBOUND_DOMAIN)"}
        />
      </div>
    </Card>
  );
}

function FilesCard({ data: { settings, quota, form: { values, errors } } }: { data: Data }) {
  const present = settings.attachmentQuotaMib === null ? "" : String(settings.attachmentQuotaMib);
  return (
    <Card title="Files">
      <div class="form">
        <Field
          name="attachmentQuotaMib"
          label="Storage for all files (MiB)"
          kind="number"
          inputMode="numeric"
          value={values.attachmentQuotaMib ?? present}
          error={errors.attachmentQuotaMib}
          placeholder={quota.toLocaleString("en")}
          hint={`Leave empty for this installation's default, ${quota.toLocaleString("en")} MiB`}
          optional
        />
      </div>
    </Card>
  );
}
