export interface FileKind {
  mediaType: string;
  /** Types that file-type reports, or "text" where it knows none. */
  bytes: readonly string[];
}

const zipped = (mediaType: string): FileKind => ({ mediaType, bytes: [mediaType, "application/zip"] });
const old = (mediaType: string): FileKind => ({ mediaType, bytes: ["application/x-cfb", mediaType] });
const text = (mediaType: string, ...bytes: string[]): FileKind => ({ mediaType, bytes: ["text", ...bytes] });
const exactly = (mediaType: string, ...others: string[]): FileKind => ({
  mediaType,
  bytes: [mediaType, ...others],
});

const OFFICE = "application/vnd.openxmlformats-officedocument.";
const OPEN = "application/vnd.oasis.opendocument.";
const XML = "application/xml";
/** What a browser would run as a page is sent as plain bytes. */
const ACTIVE = "application/octet-stream";

/** What may be attached, by extension. Everything else is refused: programs, libraries, scripts, disk images. */
export const FILE_KINDS: Readonly<Record<string, FileKind>> = {
  png: exactly("image/png", "image/apng"),
  jpg: exactly("image/jpeg"),
  jpeg: exactly("image/jpeg"),
  gif: exactly("image/gif"),
  webp: exactly("image/webp"),
  bmp: exactly("image/bmp"),
  tif: exactly("image/tiff"),
  tiff: exactly("image/tiff"),
  heic: exactly("image/heic", "image/heif"),
  heif: exactly("image/heif", "image/heic"),
  avif: exactly("image/avif"),
  svg: text(ACTIVE, XML, "image/svg+xml"),
  pdf: exactly("application/pdf"),
  txt: text("text/plain"),
  log: text("text/plain"),
  md: text("text/markdown"),
  csv: text("text/csv"),
  tsv: text("text/tab-separated-values"),
  json: text("application/json"),
  xml: text(ACTIVE, XML),
  html: text(ACTIVE, XML, "text/html"),
  htm: text(ACTIVE, XML, "text/html"),
  yaml: text("text/plain"),
  yml: text("text/plain"),
  ini: text("text/plain"),
  conf: text("text/plain"),
  sql: text("text/plain", "application/x-sqlite3"),
  diff: text("text/plain"),
  patch: text("text/plain"),
  eml: text("message/rfc822"),
  ics: text("text/calendar", "text/calendar"),
  vcf: text("text/vcard", "text/vcard"),
  pem: text("text/plain"),
  crt: text("text/plain"),
  rtf: exactly("application/rtf", "text"),
  doc: old("application/msword"),
  xls: old("application/vnd.ms-excel"),
  ppt: old("application/vnd.ms-powerpoint"),
  msg: old("application/vnd.ms-outlook"),
  docx: zipped(`${OFFICE}wordprocessingml.document`),
  xlsx: zipped(`${OFFICE}spreadsheetml.sheet`),
  pptx: zipped(`${OFFICE}presentationml.presentation`),
  odt: zipped(`${OPEN}text`),
  ods: zipped(`${OPEN}spreadsheet`),
  odp: zipped(`${OPEN}presentation`),
  zip: exactly("application/zip"),
  gz: exactly("application/gzip"),
  tgz: exactly("application/gzip"),
  "7z": exactly("application/x-7z-compressed"),
  tar: exactly("application/x-tar"),
  xz: exactly("application/x-xz"),
  bz2: exactly("application/x-bzip2"),
  mp3: exactly("audio/mpeg"),
  wav: exactly("audio/wav"),
  ogg: exactly("audio/ogg", "video/ogg", "audio/ogg; codecs=opus"),
  m4a: exactly("audio/x-m4a", "audio/mp4", "video/mp4"),
  mp4: exactly("video/mp4"),
  mov: exactly("video/quicktime"),
  webm: exactly("video/webm", "video/matroska"),
  evtx: exactly("application/x-ms-evtx"),
  pcap: exactly("application/vnd.tcpdump.pcap"),
};

/** For a name without one, by what the bytes are known as. */
export function extensionFor(bytes: string): string | undefined {
  if (bytes === "text") return "txt";
  return Object.keys(FILE_KINDS).find((extension) => FILE_KINDS[extension]!.bytes[0] === bytes);
}
