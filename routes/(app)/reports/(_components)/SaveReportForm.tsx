import { Button, buttonClass } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";

interface Props {
  report: string;
  /** The report's address behind the question mark. */
  search: string;
}

/** Stands on a report, and keeps it with the filters of its address under a name. */
export function SaveReportMenu(props: Props) {
  return (
    <details class="menu">
      <summary class={buttonClass({ children: true })}>Save this report</summary>
      <form class="menu-panel menu-panel-end menu-form form" method="post" action="/reports/saved">
        <SaveReportFields {...props} form={EMPTY_FORM} />
        <Button variant="primary" block>Save report</Button>
      </form>
    </details>
  );
}

/** The same form where it was refused. */
export function SaveReportForm({ form, ...props }: Props & { form: FormState }) {
  return (
    <Card title="Save this report">
      <ErrorList form={form} />
      <form class="form" method="post" action="/reports/saved">
        <SaveReportFields {...props} form={form} />
        <div class="form-actions">
          <Button variant="primary">Save report</Button>
        </div>
      </form>
    </Card>
  );
}

function SaveReportFields({ report, search, form }: Props & { form: FormState }) {
  return (
    <>
      <HiddenFields form={form} once />
      <input type="hidden" name="report" value={report} />
      <input type="hidden" name="search" value={search.replace(/^\?/, "")} />
      <FormField form={form} name="name" label="Name" maxLength={80} required />
      <FormField
        form={form}
        name="shared"
        label="Share with the help desk"
        kind="checkbox"
        hint="Once it is saved you can schedule it by email"
      />
    </>
  );
}
