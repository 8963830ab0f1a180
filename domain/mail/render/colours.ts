/** For light screens; on dark ones the document's style sheet has others. */
export const INK = "#122021";
export const SOFT = "#4c5b5b";
export const ACCENT = "#0b6872";
export const LINE = "#e1e7e7";
