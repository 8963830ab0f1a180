/** What a mail says; text and HTML are made of the same parts. */
export interface MailContent {
  subject: string;
  heading: string;
  paragraphs: string[];
  /** What it is about, by name: the ticket, when it is due. */
  details?: { label: string; value: string }[];
  /** Somebody's words, shown as theirs. */
  quote?: { by: string; text: string };
  /** `inFull`: the address is spelled out in the HTML too. */
  action?: { label: string; url: string; inFull?: boolean };
  /** Further links, as a list. */
  links?: { label: string; url: string }[];
  /** Why the mail came, in small print. */
  footnote: string;
}

/** What stands around a message, whichever it is. */
export interface MailFrame {
  /** The organisation. */
  sender: string;
  /** Whether an answer to the mail becomes a comment: then a line says where it ends. */
  acceptsReply: boolean;
  /** How mails of this kind are turned off, where they can be. */
  unsubscribe?: { url: string; settingsUrl: string };
}

/** Below the line with these words an answer repeats the mail that it answers. */
export const REPLY_LINE = "Please reply above this line";
