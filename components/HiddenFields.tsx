/**
 * What a form sends unseen: the version that its change is based on, and with `once` an idempotency key. A form that is
 * shown again keeps its version, so that a change in the meantime is still noticed; once it was, it takes the new one.
 */
export function HiddenFields({ form, version, once = false }: {
  form?: { values: Readonly<Record<string, string>>; refusal?: { code: string } | undefined } | undefined;
  version?: number | undefined;
  once?: boolean;
}) {
  const kept = form?.refusal?.code === "stale_version" ? undefined : form?.values.version;
  return (
    <>
      {version !== undefined && <input type="hidden" name="version" value={kept ?? version} />}
      {once && (
        <input
          type="hidden"
          name="idempotencyKey"
          value={form?.values.idempotencyKey ?? crypto.randomUUID()}
        />
      )}
    </>
  );
}
