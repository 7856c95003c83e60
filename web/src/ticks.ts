/** Ticked rows: tick all, count them, and only then let the buttons work that need them. */
export function ticks(root: Document): void {
  const boxes = (key: string) => Array.from(root.querySelectorAll<HTMLInputElement>(`input[type=checkbox][form="ticks-${key}"]`));

  const show = (): void => {
    for (const all of root.querySelectorAll<HTMLInputElement>("input[data-tick-all]")) {
      const key = all.dataset["tickAll"] ?? "";
      const rows = boxes(key);
      const count = rows.filter((box) => box.checked).length;
      all.checked = rows.length > 0 && count === rows.length;
      all.indeterminate = count > 0 && count < rows.length;
      for (const button of root.querySelectorAll<HTMLButtonElement>(`button[data-needs-tick="${key}"]`)) button.disabled = count === 0;
      for (const number of root.querySelectorAll("[data-ticked] b")) number.textContent = String(count);
    }
  };

  let last: HTMLInputElement | undefined;
  root.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox" || !box.form?.id.startsWith("ticks-")) return;
    const rows = boxes(box.form.id.slice("ticks-".length));
    // Shift ticks everything between, as in a file list.
    if (event.shiftKey && last && rows.includes(last)) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b) as [number, number];
      for (const between of rows.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    show();
  });
  root.addEventListener("change", (event) => {
    const all = event.target as HTMLInputElement;
    if (!(all instanceof HTMLInputElement) || all.dataset["tickAll"] === undefined) return;
    for (const box of boxes(all.dataset["tickAll"])) box.checked = all.checked;
    show();
  });
  root.addEventListener("suyuan:ready", show);
}
