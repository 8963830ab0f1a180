import { useEffect } from "preact/hooks";

/** Goes on to the next part of something long by itself, in place of the page; the link is for those without scripts. */
export function GoOn({ href }: { href: string }) {
  useEffect(() => {
    const timer = setTimeout(() => location.replace(href), 50);
    return () => clearTimeout(timer);
  }, [href]);
  return null;
}
