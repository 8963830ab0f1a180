import { showErrors } from "@/pages/errors.ts";

/** Pages that a link in an email opens for anyone, without a session. */
export default [showErrors];
