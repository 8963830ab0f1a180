import type { Mail } from "@/ports.ts";

/** A mail to be sent, with `values` of its own. */
export function sampleMail(values: Partial<Mail>): Mail {
  const id = crypto.randomUUID();
  return {
    id,
    tenantId: crypto.randomUUID(),
    fromName: "Harbour Works",
    to: "ana@x.example",
    subject: "Re: [INC-1001] Printer smokes",
    text: "Grüße\n.\n=3D trailing ",
    html: "<p>Grüße</p>",
    messageId: `<${id}@mail.example>`,
    ...values,
  };
}
