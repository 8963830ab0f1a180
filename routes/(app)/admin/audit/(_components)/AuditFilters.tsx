import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { ENTITIES } from "@/domain/shared/entities.ts";
import { actionLabel, entityWord } from "@/routes/(app)/admin/audit/(_data)/wording.ts";

/** Filters of the audit log. Days are in the reader's time zone. */
export function AuditFilters({ search, actions, errors }: {
  search: URLSearchParams;
  actions: string[];
  errors: Record<string, string>;
}) {
  const value = (name: string) => search.get(name) ?? "";
  const on = ["actor", "entity", "action", "entityId", "from", "to"].some((name) => value(name) !== "");
  const known = actions.includes(value("action")) || value("action") === ""
    ? actions
    : [value("action"), ...actions];
  return (
    <form
      class="audit-filters"
      method="get"
      action="/admin/audit"
      role="search"
      aria-label="Filter the audit log"
    >
      {value("entityId") && <input type="hidden" name="entityId" value={value("entityId")} />}
      <Field
        name="actor"
        label="Person"
        value={value("actor")}
        placeholder="Email address"
        error={errors.actor}
        maxLength={254}
      />
      <Field
        name="entity"
        label="Type"
        kind="select"
        value={value("entity")}
        options={[
          { value: "", label: "Anything" },
          ...ENTITIES.map((entity) => ({ value: entity, label: entityWord(entity) })),
        ]}
        error={errors.entity}
      />
      <Field
        name="action"
        label="Action"
        kind="select"
        value={value("action")}
        options={[
          { value: "", label: "Any action" },
          ...known.map((action) => ({ value: action, label: actionLabel(action) })),
        ]}
        error={errors.action}
      />
      <Field name="from" label="From" kind="date" value={value("from")} error={errors.from} />
      <Field name="to" label="To" kind="date" value={value("to")} error={errors.to} />
      <div class="form-actions">
        <Button icon="filter">Apply</Button>
        {on && <ButtonLink href="/admin/audit" variant="quiet">Clear all</ButtonLink>}
      </div>
    </form>
  );
}
