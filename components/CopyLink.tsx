/** A link to hand over by hand, in a field that can be selected and copied. */
export function CopyLink({ id, label, url, hint }: {
  id: string;
  label: string;
  url: string;
  hint?: string | undefined;
}) {
  return (
    <div class="copy-link">
      <label class="label" for={id}>{label}</label>
      <input class="input" id={id} value={url} readOnly aria-describedby={hint ? `${id}-hint` : undefined} />
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
