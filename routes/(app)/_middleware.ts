export { showErrors as default } from "@/pages/errors.ts";
