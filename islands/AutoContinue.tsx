import { useEffect } from "preact/hooks";

/** Continues with the next part of a long task, in place of the page. Without scripts there is a link. */
export function AutoContinue({ href }: { href: string }) {
  useEffect(() => {
    const timer = setTimeout(() => location.replace(href), 50);
    return () => clearTimeout(timer);
  }, [href]);
  return null;
}
