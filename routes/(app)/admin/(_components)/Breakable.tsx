/** Words longer than this may be broken on a narrow screen. */
const LONGEST = 24;

/** Text whose very long words may break; the breaks aren't copied with it. */
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
