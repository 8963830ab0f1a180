import type { UserCx } from "@/domain/cx.ts";
import type { Named } from "@/domain/shared/types.ts";
import { Button } from "@/components/Button.tsx";
import { ConfirmAddress } from "@/components/ConfirmAddress.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { EditSettings, editSettings, readSettings } from "@/domain/organisations/settings.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { unprovedAddress } from "@/domain/profile/proved_address.ts";
import { defaultQueue } from "@/domain/queues/default_queue.ts";
import { listQueues } from "@/domain/queues/read.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { withBoxes } from "@/pages/forms.ts";
import { ticketAddress } from "@/routes/(app)/admin/(_data)/ticket_address.ts";
import { FilesCard, MailCard } from "./(_components)/MailAndFilesCards.tsx";
import { GeneralCard, TicketsCard } from "./(_components)/SettingsCards.tsx";

const MOST_QUEUES = 200;

export const handler = formPage({
  roles: ADMINS,
  load: async (cx) => ({
    settings: await readSettings(cx),
    queues: await readQueues(cx),
    quota: cx.services.config.ATTACHMENT_QUOTA_MIB,
    mailTo: ticketAddress(cx),
    unconfirmed: await unprovedAddress(cx),
  }),
  title: "Organisation",
  schema: EditSettings.extend({ version }),
  prepare: (values) => withBoxes(values, ["agentsSeeAll"]),
  run: async (cx, input) => {
    await editSettings(cx, input);
    return { to: "/admin/organisation", flash: "Settings saved" };
  },
});

/** The default queue is among them, however many there are: a form without it would choose another. */
async function readQueues(cx: UserCx): Promise<Named[]> {
  const [{ items }, current] = [await listQueues(cx, { limit: MOST_QUEUES }), await defaultQueue(cx)];
  return current && !items.some(({ id }) => id === current.id) ? [current, ...items] : items;
}

export default define.page<typeof handler>((
  { data: { settings, queues, quota, mailTo, unconfirmed, form } },
) => (
  <div class="page page-narrow">
    <PageHeader title="Organisation" crumbs={[{ label: "Administration", href: "/admin" }]} />
    <StaleNotice form={form} href="/admin/organisation" />
    <ErrorList form={form} />
    {unconfirmed && settings.inboundUnknown === "reject" && (
      <ConfirmAddress email={unconfirmed} to="accept emails from unknown senders" />
    )}
    <form class="form-cards" id="organisation" method="post" action="/admin/organisation">
      <HiddenFields form={form} version={settings.version} />
      <GeneralCard settings={settings} form={form} />
      <TicketsCard settings={settings} queues={queues} form={form} />
      <MailCard settings={settings} form={form} mailTo={mailTo} />
      <FilesCard settings={settings} form={form} quota={quota} />
      <div class="form-actions">
        <Button variant="primary">Save settings</Button>
      </div>
    </form>
  </div>
));
