export { default, handler } from "@/pages/error_page.tsx";
