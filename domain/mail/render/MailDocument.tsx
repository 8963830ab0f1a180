import type { ComponentChildren } from "preact";
import { ACCENT, INK, LINE, SOFT } from "./colours.ts";
import { Figures } from "./Figures.tsx";
import { type MailContent, type MailFrame, REPLY_LINE } from "./mail_content.ts";

/** Programs without style sheets show the inline styles, which are for light screens. */
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .outer { padding: 0 !important; }
  .sheet { padding: 24px 20px !important; border-radius: 0 !important; border-width: 1px 0 !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background: #0c1112 !important; }
  .sheet, .label, .value { background: #12191a !important; border-color: #222d2e !important; }
  .ink, .value { color: #e6ecec !important; }
  .soft, .label { color: #a6b4b4 !important; }
  .link { color: #68cdd6 !important; }
  .rule { border-color: #222d2e !important; }
  .quote { background: #0f1516 !important; border-color: #1f5a62 !important; }
  .button { background: #157d89 !important; }
}`;

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

export function MailDocument({ message, frame }: { message: MailContent; frame: MailFrame }) {
  const { subject, heading, paragraphs, details, table, quote, action, links = [] } = message;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style dangerouslySetInnerHTML={{ __html: DARK }} />
      </head>
      <body class="ground" style={{ margin: "0", padding: "0", background: "#f3f6f6" }}>
        <Sheet>
          {frame.acceptsReply && <Note>{`— ${REPLY_LINE} —`}</Note>}
          <Sender name={frame.sender} />
          <h1
            class="ink"
            dir="auto"
            style={{ margin: "0 0 16px", fontSize: "21px", lineHeight: "1.3", fontWeight: "600", color: INK }}
          >
            {heading}
          </h1>
          {paragraphs.map((text) => (
            <p key={text} class="ink" dir="auto" style={PARAGRAPH}>
              <Lines text={text} />
            </p>
          ))}
          {details && details.length > 0 && <Details rows={details} />}
          {table && <Figures {...table} />}
          {quote && <Quote {...quote} />}
          {action && <Action {...action} />}
          {links.map(({ label, url }) => (
            <p key={url} dir="auto" style={PARAGRAPH}>
              <a class="link" href={url} style={{ color: ACCENT, fontWeight: "600" }}>{label}</a>
            </p>
          ))}
          <Foot footnote={message.footnote} frame={frame} />
        </Sheet>
      </body>
    </html>
  );
}

const PARAGRAPH = { margin: "0 0 16px", fontSize: "15px", lineHeight: "1.55", color: INK };
const SMALL = { fontSize: "12.5px", lineHeight: "1.5", color: SOFT };

/** Tables, because some mail programs support nothing else. */
function Sheet({ children }: { children: ComponentChildren }) {
  return (
    <table role="presentation" width="100%" cellPadding="0" cellSpacing="0" style={{ fontFamily: FONT }}>
      <tr>
        <td class="ground outer" align="center" style={{ padding: "24px 12px", background: "#f3f6f6" }}>
          <table
            role="presentation"
            width="100%"
            cellPadding="0"
            cellSpacing="0"
            style={{ maxWidth: "580px", textAlign: "start", borderCollapse: "separate" }}
          >
            <tr>
              <td
                class="sheet"
                style={{
                  padding: "32px 36px",
                  background: "#ffffff",
                  border: `1px solid ${LINE}`,
                  borderRadius: "12px",
                }}
              >
                {children}
              </td>
            </tr>
          </table>
        </td>
      </tr>
    </table>
  );
}

function Note({ children }: { children: string }) {
  return <p class="soft" style={{ ...SMALL, margin: "0 0 20px", textAlign: "center" }}>{children}</p>;
}

function Sender({ name }: { name: string }) {
  return (
    <p
      class="link"
      dir="auto"
      style={{ margin: "0 0 20px", fontSize: "13.5px", fontWeight: "600", color: ACCENT }}
    >
      {name}
    </p>
  );
}

function Details({ rows }: { rows: { label: string; value: string }[] }) {
  const cell = { padding: "3px 16px 3px 0", fontSize: "14px", lineHeight: "1.5", verticalAlign: "top" };
  return (
    <table role="presentation" cellPadding="0" cellSpacing="0" style={{ margin: "0 0 20px" }}>
      {rows.map(({ label, value }) => (
        <tr key={label}>
          <td class="label" style={{ ...cell, color: SOFT, whiteSpace: "nowrap" }}>{label}</td>
          <td class="value" dir="auto" style={{ ...cell, color: INK, wordBreak: "break-word" }}>{value}</td>
        </tr>
      ))}
    </table>
  );
}

function Quote({ by, text }: { by: string; text: string }) {
  const frame = {
    margin: "0 0 24px",
    padding: "12px 16px",
    borderLeft: "3px solid #9ccdd2",
    borderRadius: "0 8px 8px 0",
    background: "#f3f6f6",
  };
  return (
    <div class="quote" style={frame}>
      <p
        class="ink"
        dir="auto"
        style={{ margin: "0 0 4px", fontSize: "13.5px", fontWeight: "600", color: INK }}
      >
        {by}
      </p>
      <p class="ink" dir="auto" style={{ ...PARAGRAPH, margin: "0", wordBreak: "break-word" }}>
        <Lines text={text} />
      </p>
    </div>
  );
}

function Action({ label, url, inFull }: NonNullable<MailContent["action"]>) {
  return (
    <>
      <p style={{ margin: "8px 0 12px" }}>
        <a
          class="button"
          href={url}
          style={{
            display: "inline-block",
            padding: "11px 20px",
            borderRadius: "8px",
            background: ACCENT,
            color: "#ffffff",
            fontSize: "15px",
            fontWeight: "600",
            textDecoration: "none",
          }}
        >
          {label}
        </a>
      </p>
      {inFull && <p class="soft" style={{ ...SMALL, margin: "0 0 8px", wordBreak: "break-all" }}>{url}</p>}
    </>
  );
}

function Foot({ footnote, frame: { unsubscribe: stop } }: { footnote: string; frame: MailFrame }) {
  const link = { color: SOFT, textDecoration: "underline" };
  return (
    <div
      class="rule"
      style={{ margin: "28px 0 0", padding: "16px 0 0", borderTop: `1px solid ${LINE}` }}
    >
      <p class="soft" style={{ ...SMALL, margin: "0" }}>
        <Lines text={footnote} />
      </p>
      {stop && (
        <p class="soft" style={{ ...SMALL, margin: "8px 0 0" }}>
          <a class="soft" href={stop.settingsUrl} style={link}>Email preferences</a>
          {" · "}
          <a class="soft" href={stop.url} style={link}>Unsubscribe from these emails</a>
        </p>
      )}
    </div>
  );
}

/** One element per line: texts in an array would be escaped twice. */
function Lines({ text }: { text: string }) {
  return <>{text.split("\n").map((line, index) => <Line key={index} text={line} first={index === 0} />)}</>;
}

function Line({ text, first }: { text: string; first: boolean }) {
  return (
    <>
      {!first && <br />}
      {text}
    </>
  );
}
