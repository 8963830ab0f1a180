import { useEffect } from "preact/hooks";
import { connect } from "@/browser/live_connection.ts";

/** Connects a page to live events. `after` is the cursor of what it shows. */
export function LiveConnection({ after, user }: { after: string; user: string }) {
  useEffect(() => {
    let leave = connect({ user, after });
    // A page in the back/forward cache must not hold the stream.
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
