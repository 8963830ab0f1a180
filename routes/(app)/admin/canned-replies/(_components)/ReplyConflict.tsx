import { ConflictNotice } from "@/components/ConflictNotice.tsx";
import type { CannedReply } from "@/domain/replies/canned/read.ts";
import type { FormState } from "@/pages/forms.ts";

const LABELS = { title: "Title", body: "Text" } as const;

/** Both versions of what two people changed at once. */
export function ReplyConflict({ reply, form: { values } }: { reply: CannedReply; form: FormState }) {
  const fields = (["title", "body"] as const).flatMap((name) => {
    const [yours, theirs] = [values[name] ?? reply[name], reply[name]];
    return yours === theirs ? [] : [{
      name,
      label: LABELS[name],
      yours: { value: yours, text: yours },
      theirs: { value: theirs, text: theirs },
    }];
  });
  return (
    <ConflictNotice
      action={`/admin/canned-replies/${reply.id}`}
      version={reply.version}
      fields={fields}
      cancelHref="/admin/canned-replies"
    />
  );
}
