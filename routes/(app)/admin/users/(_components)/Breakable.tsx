/** Words longer than this may be broken on a narrow screen. */
const LONGEST = 24;

/** A name or an address with places where a very long word may break; they are not copied with the text. */
export function Breakable({ text }: { text: string }) {
  return <>{pieces(text).map((piece, i) => i === 0 ? piece : [<wbr key={i} />, piece])}</>;
}

function pieces(text: string): string[] {
  return text.split(/(?<=\s)/).flatMap((word) => {
    if (word.length <= LONGEST) return [word];
    return word.split(/(?<=[@.])/).flatMap((part) => {
      const characters = [...part];
      const count = Math.ceil(characters.length / LONGEST);
      return Array.from(
        { length: count },
        (_, i) => characters.slice(i * LONGEST, (i + 1) * LONGEST).join(""),
      );
    });
  });
}
