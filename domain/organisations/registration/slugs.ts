/** Letters that NFKD doesn't decompose. */
const WRITTEN: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ı: "i",
  "&": " and ",
};

/** Of a–z, digits and single hyphens, at most 40 characters; "organisation" for a name without any. */
export function slugOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[ßæœøđðþłı&]/g, (char) => WRITTEN[char]!)
    .normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll(/['’]/g, "");
  const slug = plain.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "").slice(0, 40).replace(/-$/, "");
  return slug || "organisation";
}

/** The plain slug, then numbered ones, then a random one. */
export function slugCandidates(name: string): string[] {
  const slug = slugOf(name);
  const numbered = Array.from({ length: 48 }, (_, i) => `${slug}-${i + 2}`);
  return [slug, ...numbered, `${slug}-${crypto.randomUUID().slice(0, 6)}`];
}
