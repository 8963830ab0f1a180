import { Card } from "@/components/Card.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import type { MailContent } from "@/domain/mail/render/mail_content.ts";

/** The email as it would reach the reader now. */
export function MailPreview(
  { mail: { subject, paragraphs, details = [], table, footnote } }: { mail: MailContent },
) {
  return (
    <Card title="Preview">
      <div class="mail-preview" id="preview" tabIndex={-1}>
        <PropertyList items={[{ label: "Subject", value: subject }, ...details]} />
        {paragraphs.flatMap((text) => text.split("\n")).map((text) => <p key={text}>{text}</p>)}
        {table && (
          <div class="table-wrap">
            <table class="table report-table">
              <caption class="visually-hidden">Figures in the email</caption>
              <thead>
                <tr>
                  <th scope="col">
                    <span class="visually-hidden">Measure</span>
                  </th>
                  {table.columns.map((column) => <th key={column} class="num" scope="col">{column}</th>)}
                </tr>
              </thead>
              <tbody>
                {table.rows.map(([label, ...cells]) => (
                  <tr key={label}>
                    <th scope="row">{label}</th>
                    {cells.map((cell, i) => <td key={i} class="num">{cell}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <p class="hint">{footnote}</p>
      </div>
    </Card>
  );
}
