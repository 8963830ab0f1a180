import { createRequire } from "node:module";

/** DejaVu Sans has Latin, Greek, Cyrillic and more. Files embed what they need of it. */
const FILES = { regular: "DejaVuSans.ttf", bold: "DejaVuSans-Bold.ttf" } as const;
export type Weight = keyof typeof FILES;

interface Parsed {
  hasGlyphForCodePoint(codePoint: number): boolean;
}
export type Fonts = Readonly<Record<Weight, Parsed>>;

let reading: Promise<[Uint8Array, Uint8Array]> | undefined;

/** Both weights, for one file: a font remembers which text its shapes came from first, and that is written into files. */
export async function loadFonts(): Promise<Fonts> {
  const { create } = await import("fontkit") as unknown as { create(bytes: Uint8Array): Parsed };
  reading ??= read();
  const [regular, bold] = await reading.catch((error) => {
    reading = undefined;
    throw error;
  });
  return { regular: create(regular), bold: create(bold) };
}

/** Once in a process, and only when somebody wants a PDF. */
function read(): Promise<[Uint8Array, Uint8Array]> {
  const { resolve } = createRequire(import.meta.url);
  const open = (weight: Weight) => Deno.readFile(resolve(`dejavu-fonts-ttf/ttf/${FILES[weight]}`));
  return Promise.all([open("regular"), open("bold")]);
}
