import { Icon } from "@/components/Icon.tsx";
import { isFieldChange, isLong, valueText, wordsOf } from "@/routes/(app)/admin/audit/(_data)/wording.ts";

/** The changes of an audit entry, field by field; long texts are shown side by side. */
export function Changes({ changes }: { changes: Record<string, unknown> }) {
  const fields = Object.entries(changes);
  if (fields.length === 0) return <p class="muted small">No further details.</p>;
  return (
    <dl class="changes">
      {fields.map(([name, value]) => (
        <div key={name} class="change">
          <dt>{wordsOf(name)}</dt>
          <dd>
            {isFieldChange(value) ? <FromTo from={value.from} to={value.to} /> : <Fact value={value} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FromTo({ from, to }: { from: unknown; to: unknown }) {
  const [before, after] = [valueText(from), valueText(to)];
  if (isLong(before) || isLong(after)) {
    return (
      <div class="change-texts">
        <p class="change-text change-from">
          <span class="visually-hidden">Before:</span>
          {before}
        </p>
        <p class="change-text change-to">
          <span class="visually-hidden">After:</span>
          {after}
        </p>
      </div>
    );
  }
  return (
    <span class="change-line">
      <del class="change-from">{before}</del>
      <Icon name="arrow" size="sm" label="to" />
      <ins class="change-to">{after}</ins>
    </span>
  );
}

function Fact({ value }: { value: unknown }) {
  const text = value === true ? "Changed" : valueText(value);
  return <span class="muted">{text}</span>;
}
