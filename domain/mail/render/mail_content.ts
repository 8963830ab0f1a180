export interface MailContent {
  subject: string;
  heading: string;
  paragraphs: string[];
  details?: { label: string; value: string }[];
  /** Figures: the first cell of a row names it, as the first column has no heading. */
  table?: { columns: string[]; rows: string[][] };
  quote?: { by: string; text: string };
  /** `inFull` spells out the URL in the HTML too. */
  action?: { label: string; url: string; inFull?: boolean };
  links?: { label: string; url: string }[];
  footnote: string;
}

export interface MailFrame {
  /** The organisation's name. */
  sender: string;
  /** Whether replies become comments; then a reply line is shown. */
  acceptsReply: boolean;
  unsubscribe?: { url: string; settingsUrl: string };
}

/** Text below this line is quoted when people reply. */
export const REPLY_LINE = "Please reply above this line";
