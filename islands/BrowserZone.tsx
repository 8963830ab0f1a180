import { useEffect, useState } from "preact/hooks";

/** Sends the browser's time zone with a form; without scripts it stays empty. */
export function BrowserZone() {
  const [zone, setZone] = useState("");
  useEffect(() => setZone(Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""), []);
  return <input data-island type="hidden" name="timeZone" value={zone} />;
}
