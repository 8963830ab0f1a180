/** Reloads pages and shows what went wrong. Styles are set by script: the page's policy allows no inline ones. */
export const SCRIPT = `
let first;
const sheet = Object.assign(document.createElement("dialog"), { id: "dev-problem" });
Object.assign(sheet.style, {
  inset: "1rem", width: "auto", height: "auto", maxWidth: "none", maxHeight: "none", overflow: "auto",
  padding: "1.5rem", border: "2px solid #e5484d", borderRadius: "8px", background: "#1c1316", color: "#ffd1d1",
  font: "13px/1.5 ui-monospace, monospace", whiteSpace: "pre-wrap", zIndex: 2147483647,
});
new EventSource("/_dev/events").onmessage = ({ data }) => {
  const { revision, problem } = JSON.parse(data);
  first ??= revision;
  if (revision !== first) return location.reload();
  sheet.textContent = problem ?? "";
  if (problem === null) sheet.close();
  else if (!sheet.open) {
    document.body.append(sheet);
    sheet.showModal();
  }
};
`;
