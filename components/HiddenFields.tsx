/**
 * What a form sends unseen: the version that its change is based on, and with `once` a key by which it is done once,
 * however often it is sent.
 *
 * ```tsx
 * <HiddenFields form={form} version={queue.version} />
 * <HiddenFields form={form} once />
 * ```
 *
 * A form that is shown again keeps its version, so that a change made in the meantime is still noticed. Only after that
 * was said does it take the new one: saving again is a choice then.
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
