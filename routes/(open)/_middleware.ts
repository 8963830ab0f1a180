import { showErrors } from "@/pages/errors.ts";

/** Pages that a link in an e-mail opens for anybody: no session is asked for, or kept. */
export default [showErrors];
