import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { TOPIC_GROUPS, TOPICS } from "@/domain/events/topics.ts";
import type { WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import type { FormState } from "@/pages/forms.ts";
import { endpointErrors } from "@/routes/(app)/admin/webhooks/(_data)/endpoint_form.ts";

/** Address and events of an endpoint. */
export function EndpointForm({ endpoint, form, cancelHref }: {
  endpoint?: WebhookEndpoint;
  form: FormState;
  cancelHref: string;
}) {
  const shown = { ...form, errors: endpointErrors(form.errors) };
  return (
    <>
      <ErrorList form={shown} />
      <form class="form" id="endpoint" method="post">
        <HiddenFields form={form} version={endpoint?.version} once={!endpoint} />
        <FormField
          form={shown}
          name="url"
          label="Address"
          kind="url"
          value={endpoint?.url}
          hint="Each event is sent here as a signed JSON POST request"
          placeholder="https://example.com/servicehub"
          maxLength={2000}
          autoFocus={!endpoint}
          required
        />
        <FormField
          form={shown}
          name="description"
          label="Description"
          value={endpoint?.description}
          maxLength={200}
          optional
        />
        <div class="topics-choice">
          <FormField
            form={shown}
            name="which"
            label="Events"
            kind="segmented"
            value={endpoint?.topics ? "some" : "all"}
            options={[{ value: "all", label: "All events" }, { value: "some", label: "Only some" }]}
          />
          <Topics chosen={form.sent ? [form.sent.topics ?? []].flat() : endpoint?.topics ?? []} />
        </div>
        <FormField
          form={shown}
          name="includeInternal"
          label="Include internal notes and events"
          kind="checkbox"
          checked={endpoint?.includeInternal ?? false}
          hint="Internal notes, ratings and SLA warnings. Turn this on only if everyone with access to the receiver works on your help desk"
        />
        <div class="form-actions">
          <Button variant="primary">{endpoint ? "Save" : "Create endpoint"}</Button>
          <ButtonLink href={cancelHref} variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}

function Topics({ chosen }: { chosen: readonly string[] }) {
  return (
    <div class="topics">
      {TOPIC_GROUPS.map((group) => (
        <fieldset key={group} class="field">
          <legend class="label">{group}</legend>
          {TOPICS.filter((topic) => topic.group === group).map(({ topic, label }) => (
            <label key={topic} class="check">
              <input type="checkbox" name="topics" value={topic} checked={chosen.includes(topic)} />
              <span>
                {label} <code class="topic-name">{topic}</code>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
