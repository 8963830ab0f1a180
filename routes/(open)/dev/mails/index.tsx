import { page } from "fresh";
import { Card } from "@/components/Card.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MAIL_TEMPLATES, sampleMail } from "@/domain/mail/samples.ts";
import { incomingOf } from "@/edge/incoming.ts";

export const handler = define.handlers({
  GET(ctx) {
    ctx.state.title = "Emails";
    const { services } = incomingOf(ctx.req);
    return page({
      mails: MAIL_TEMPLATES.map((template) => ({
        template,
        subject: sampleMail(services, template).subject,
      })),
    });
  },
});

export default define.page<typeof handler>(({ data: { mails } }) => (
  <main class="main" id="main">
    <PageHeader title="Emails" />
    <Card flush>
      <div class="table-wrap">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Template</th>
              <th scope="col">Subject</th>
              <th scope="col">Parts</th>
            </tr>
          </thead>
          <tbody>
            {mails.map(({ template, subject }) => (
              <tr key={template}>
                <td>
                  <code>{template}</code>
                </td>
                <td>{subject}</td>
                <td>
                  <a href={`/dev/mails/${template}`}>HTML</a> ·{" "}
                  <a href={`/dev/mails/${template}?part=text`}>Text</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  </main>
));
