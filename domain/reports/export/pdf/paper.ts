import type { Fonts, Weight } from "./fonts.ts";
import { isTurned, shorten, visual, wrap, writable } from "./text.ts";

export const INK = "#1b2430";
export const MUTED = "#5b6675";
export const ACCENT = "#0b6a73";
export const RULE = "#cfd6df";
export const SHADE = "#f4f6f9";

export interface Style {
  size: number;
  weight?: Weight;
  color?: string;
  align?: "left" | "right" | "center";
}

/** Of pdfkit's structure tree (ISO 32000-1, 14.7). */
export interface Element {
  add(child: Element | (() => void)): unknown;
  end(): void;
}

interface ElementOptions {
  alt?: string;
  actual?: string;
  scope?: "Column" | "Row";
  bbox?: [number, number, number, number];
  placement?: "Block";
}

const LEADING = 1.3;
const FOOT = 24;

/** Pages to write on from the top down. Everything is in an element of the structure or an artifact, as PDF/UA wants. */
export class Paper {
  /** Characters that the fonts lack. */
  readonly lost = new Set<string>();
  readonly root: Element;
  y: number;
  readonly #widths = new Map<string, number>();

  constructor(readonly doc: PDFKit.PDFDocument, readonly fonts: Fonts) {
    doc.registerFont("regular", fonts.regular as never);
    doc.registerFont("bold", fonts.bold as never);
    this.root = this.element("Document");
    doc.addStructure(this.root as never);
    this.y = this.top;
  }

  get left(): number {
    return this.doc.page.margins.left;
  }

  get top(): number {
    return this.doc.page.margins.top;
  }

  get width(): number {
    return this.doc.page.width - this.left - this.doc.page.margins.right;
  }

  get bottom(): number {
    return this.doc.page.height - this.doc.page.margins.bottom - FOOT;
  }

  element(type: string, options: ElementOptions = {}, draw?: () => void): Element {
    return this.doc.struct(type, options, draw ? [draw] : undefined) as unknown as Element;
  }

  newPage(): void {
    this.doc.addPage();
    this.y = this.top;
  }

  /** Begins a page unless so much is left of this one. @returns whether it did */
  room(height: number): boolean {
    if (this.y + height <= this.bottom) return false;
    this.newPage();
    return true;
  }

  /** What is no content: lines, backgrounds, page numbers. */
  artifact(draw: () => void, type: "Layout" | "Pagination" = "Layout"): void {
    this.doc.markContent("Artifact", { type });
    draw();
    this.doc.endMarkedContent();
  }

  written(text: string): string {
    return writable(text, this.fonts, this.lost);
  }

  measure({ size, weight = "regular" }: Style): (text: string) => number {
    return (text) => {
      const key = `${weight}:${text}`;
      let width = this.#widths.get(key);
      if (width === undefined) {
        width = this.doc.font(weight).fontSize(1000).widthOfString(text);
        this.#widths.set(key, width);
      }
      return width * size / 1000;
    };
  }

  lines(text: string, width: number, style: Style): string[] {
    return wrap(this.written(text), width, this.measure(style));
  }

  /** One line that ends with an ellipsis where it is too long. */
  line(text: string, x: number, y: number, { width, ...style }: Style & { width: number }): void {
    this.draw([shorten(this.written(text), width, this.measure(style))], x, y, { width, ...style });
  }

  /** One line in smaller letters where it is too long. */
  fit(text: string, x: number, y: number, { width, ...style }: Style & { width: number }): void {
    const written = this.written(text);
    const size = Math.min(style.size, style.size * width / this.measure(style)(written));
    this.draw([written], x, y + (style.size - size) / 2, { width, ...style, size });
  }

  /** Lines that were made by {@link lines}. @returns their height */
  draw(
    lines: readonly string[],
    x: number,
    y: number,
    { width, ...style }: Style & { width: number },
  ): number {
    const { size, weight = "regular", color = INK, align = "left" } = style;
    const measure = this.measure(style);
    lines.forEach((line, i) => {
      const spare = width - measure(line);
      const at = x + (align === "right" ? spare : align === "center" ? spare / 2 : 0);
      const down = y + i * size * LEADING;
      // Measuring changes the font.
      const put = (text: string, from: number) =>
        this.doc.font(weight).fontSize(size).fillColor(color).text(text, from, down, { lineBreak: false });
      if (!isTurned(line)) return void put(line, at);
      // A space would be turned with its word.
      let from = at;
      for (const word of visual(line)) {
        put(word, from);
        from += measure(word) + measure(" ");
      }
    });
    return this.height(lines, style);
  }

  height(lines: readonly string[], { size }: Style): number {
    return lines.length * size * LEADING;
  }

  /** A heading stays with what follows it. */
  heading(level: 1 | 2 | 3, text: string, style: Style, follows = 60): void {
    const lines = this.lines(text, this.width, style);
    this.room(this.height(lines, style) + follows);
    if (level < 3) this.doc.outline.addItem(this.written(text));
    this.root.add(this.element(`H${level}`, this.spoken(text), () => {
      this.y += this.draw(lines, this.left, this.y, { width: this.width, ...style });
    }));
  }

  /** Goes on over pages. */
  paragraph(text: string, style: Style, parent = this.root, type = "P"): void {
    const lines = this.lines(text, this.width, style);
    const element = this.element(type, this.spoken(text));
    parent.add(element);
    for (let from = 0; from < lines.length;) {
      this.room(style.size * LEADING);
      const fitting = Math.max(1, Math.floor((this.bottom - this.y) / (style.size * LEADING)));
      const part = lines.slice(from, from + fitting);
      element.add(() => {
        this.y += this.draw(part, this.left, this.y, { width: this.width, ...style });
      });
      from += part.length;
    }
    element.end();
  }

  /** What a screen reader says where the page can't show it in this order or script. */
  spoken(text: string): { actual?: string } {
    return isTurned(text) || writable(text, this.fonts, new Set()) !== text.normalize("NFC")
      ? { actual: text }
      : {};
  }
}
