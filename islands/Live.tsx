import { useEffect } from "preact/hooks";
import { connect } from "@/browser/live_connection.ts";

/** On every page: has what changes told to its other islands. `after` is the cursor of what the page shows. */
export function Live({ after, user }: { after: string; user: string }) {
  useEffect(() => {
    let leave = connect({ user, after });
    // A page in the browser's memory is no tab.
    const onHide = () => leave();
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) leave = connect({ user, after });
    };
    addEventListener("pagehide", onHide);
    addEventListener("pageshow", onShow);
    return () => {
      removeEventListener("pagehide", onHide);
      removeEventListener("pageshow", onShow);
      leave();
    };
  }, [after, user]);
  return null;
}
