/** Files dropped on, or pasted into, the page's upload field; chosen by button without script. */
export function drop(root: Document): void {
  const field = () => root.querySelector<HTMLInputElement>("[data-drop] input[type=file]");

  const take = (files: FileList | null | undefined): boolean => {
    const input = field();
    if (!input || !files || files.length === 0) return false;
    // Only what the field accepts; the server checks the content.
    const endings = input.accept.split(",").map((ending) => ending.trim().toLowerCase()).filter(Boolean);
    const fits = Array.from(files).find((file) => endings.length === 0 || endings.some((ending) => file.name.toLowerCase().endsWith(ending)));
    if (!fits) return false;
    const transfer = new DataTransfer();
    transfer.items.add(fits);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
    return true;
  };

  const mark = (over: boolean) => root.querySelector("[data-drop]")?.classList.toggle("over", over);
  root.addEventListener("dragover", (event) => {
    if (!field() || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    mark(true);
  });
  root.addEventListener("dragleave", () => mark(false));
  root.addEventListener("drop", (event) => {
    if (!field()) return;
    event.preventDefault();
    mark(false);
    take(event.dataTransfer?.files);
  });
  root.addEventListener("paste", (event) => {
    if (take(event.clipboardData?.files)) event.preventDefault();
  });
}
