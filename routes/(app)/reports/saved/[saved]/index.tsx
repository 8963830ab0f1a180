import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { previewReportMail } from "@/domain/mail/report_preview.ts";
import { MANAGERS, REPORT_READERS } from "@/domain/permissions.ts";
import { getSavedReport } from "@/domain/reports/saved/read.ts";
import { EditSavedReport, editSavedReport } from "@/domain/reports/saved/write.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { LastResultCard } from "@/routes/(app)/reports/saved/(_components)/LastResultCard.tsx";
import { MailPreview } from "@/routes/(app)/reports/saved/(_components)/MailPreview.tsx";
import { SavedReportFacts } from "@/routes/(app)/reports/saved/(_components)/SavedReportFacts.tsx";
import { SavedReportForm } from "@/routes/(app)/reports/saved/(_components)/SavedReportForm.tsx";
import { SendButtons } from "@/routes/(app)/reports/saved/(_components)/SendButtons.tsx";
import { candidates, withSchedule } from "@/routes/(app)/reports/saved/(_data)/saved_form.ts";
import { addressOf } from "@/routes/(app)/reports/saved/(_data)/saved_wording.ts";

export const handler = formPage({
  roles: REPORT_READERS,
  load: async (cx, ctx) => {
    const saved = await getSavedReport(cx, idParam(ctx, "saved"));
    const manages = saved.editable && MANAGERS.includes(cx.actor.role);
    const [{ staff }, preview] = await Promise.all([
      manages ? ticketChoices(cx, { staff: true }) : { staff: [] },
      ctx.url.searchParams.has("preview") ? previewReportMail(cx, saved) : undefined,
    ]);
    return { saved, people: candidates(cx, saved, staff), preview, now: cx.now };
  },
  title: ({ saved }) => saved.name,
  schema: EditSavedReport.extend({ version }),
  prepare: async (values, cx, ctx) => withSchedule(values, await getSavedReport(cx, idParam(ctx, "saved"))),
  run: async (cx, input, ctx) => {
    const { id, name, owner, shared } = await editSavedReport(cx, { ...input, id: idParam(ctx, "saved") });
    const stays = shared || owner.id === cx.actor.id;
    return { to: stays ? `/reports/saved/${id}` : "/reports/saved", flash: `Report “${name}” saved` };
  },
});

export default define.page<typeof handler>(({ data: { saved, people, preview, now, form }, state }) => {
  const { actor, tenant } = state.viewer!;
  const href = `/reports/saved/${saved.id}`;
  return (
    <div class="page page-narrow">
      <PageHeader
        title={saved.name}
        crumbs={[
          { label: "Reports", href: "/reports" },
          { label: "Saved reports", href: "/reports/saved" },
          { label: saved.name },
        ]}
        actions={!saved.outdated && (
          <>
            <ButtonLink href={addressOf(saved)} icon="chart">Open report</ButtonLink>
            <ButtonLink href={`${href}?preview=email#preview`} icon="mail">Preview email</ButtonLink>
          </>
        )}
      />
      <StaleNotice form={form} href={href} />
      <ErrorList form={form} />
      {saved.outdated && (
        <Banner kind="warning">
          An earlier version saved these filters and they can't be read any more. The report isn't sent until
          you save it again.
        </Banner>
      )}
      <SavedReportFacts saved={saved} timeZone={tenant.timeZone} reader={actor} now={now} />
      {saved.editable && (
        <SavedReportForm saved={saved} people={people} form={form} timeZone={tenant.timeZone} />
      )}
      {!saved.outdated && <SendButtons saved={saved} actor={actor} />}
      {saved.lastResult && <LastResultCard result={saved.lastResult} reader={actor} now={now} />}
      {preview && "mail" in preview && <MailPreview mail={preview.mail} />}
      {preview && "notSent" in preview && (
        <Banner kind="warning">
          There is no preview: {preview.notSent}. Open the report and save it again.
        </Banner>
      )}
      {saved.editable && (
        <Card title="Delete this report">
          <form class="form" method="post" action={`${href}/deletion`}>
            <p>
              {saved.shared
                ? "It is deleted for everyone, with its schedule. Tickets are not affected."
                : "Its schedule ends. Tickets are not affected."}
            </p>
            <div class="form-actions">
              <Button variant="danger">Delete report</Button>
            </div>
          </form>
        </Card>
      )}
    </div>
  );
});
