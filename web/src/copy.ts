/** Copies a lineage link; without script or clipboard it is an ordinary link. */
export function copy(root: Document): void {
  root.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("a[data-copy]");
    if (!link || !navigator.clipboard) return;
    event.preventDefault();
    const address = new URL(link.dataset["copy"] ?? link.href, location.href).href;
    const words = link.textContent ?? "";
    navigator.clipboard.writeText(address).then(
      () => {
        link.textContent = document.documentElement.lang === "en" ? "Copied ✓" : "已复制 ✓";
        setTimeout(() => (link.textContent = words), 1600);
      },
      () => (location.href = link.href),
    );
  });
}
