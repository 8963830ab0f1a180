import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import type { WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { TOPIC_GROUPS, TOPICS } from "@/domain/events/topics.ts";
import type { FormState } from "@/pages/forms.ts";

/** Address and events of an endpoint. */
export function EndpointForm({ endpoint, form: { values, errors }, cancelHref }: {
  endpoint?: WebhookEndpoint;
  form: FormState;
  cancelHref: string;
}) {
  const typed = Object.keys(values).length > 0;
  const which = values.which ?? (endpoint?.topics ? "some" : "all");
  const chosen = typed ? (values.topics ?? "").split(",") : endpoint?.topics ?? [];
  const internal = typed ? values.includeInternal === "on" : endpoint?.includeInternal ?? false;
  const wrong = errors.topics ?? Object.entries(errors).find(([path]) => path.startsWith("topics."))?.[1];
  return (
    <>
      <FormErrors
        errors={Object.entries(errors).map(([path, message]) => ({
          field: path.startsWith("topics") ? "which" : path,
          message,
        }))}
      />
      <form class="form" id="endpoint" method="post">
        {endpoint ? <input type="hidden" name="version" value={endpoint.version} /> : (
          <input
            type="hidden"
            name="idempotencyKey"
            value={values.idempotencyKey ?? crypto.randomUUID()}
          />
        )}
        <Field
          name="url"
          label="Address"
          kind="url"
          value={values.url ?? endpoint?.url}
          error={errors.url}
          hint="Each event is sent here as a signed JSON POST request"
          placeholder="https://example.com/servicehub"
          maxLength={2000}
          autoFocus={!endpoint}
          required
        />
        <Field
          name="description"
          label="Description"
          value={values.description ?? endpoint?.description}
          error={errors.description}
          maxLength={200}
          optional
        />
        <div class="topics-choice">
          <Field
            name="which"
            label="Events"
            kind="segmented"
            value={which}
            options={[{ value: "all", label: "All events" }, { value: "some", label: "Only some" }]}
            error={wrong}
          />
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
        </div>
        <Field
          name="includeInternal"
          label="Include internal notes and events"
          kind="checkbox"
          checked={internal}
          hint="Internal notes, ratings and SLA warnings. Turn this on only if everyone with access to the receiver works on your help desk"
          error={errors.includeInternal}
        />
        <div class="form-actions">
          <Button variant="primary">{endpoint ? "Save" : "Create endpoint"}</Button>
          <ButtonLink href={cancelHref} variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}
