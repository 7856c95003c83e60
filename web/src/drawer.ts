/** The drawer: Esc closes, Alt+↑ and Alt+↓ go on, the list keeps its place when a record opens. */
export function drawer(root: Document): void {
  root.addEventListener("keydown", (event) => {
    const key = event.key === "Escape" ? "close" : event.altKey && event.key === "ArrowUp" ? "previous" : event.altKey && event.key === "ArrowDown" ? "next" : "";
    const typing = (event.target as Element | null)?.matches?.("input, textarea, select") && !event.altKey;
    if (!key || typing) return;
    const link = root.querySelector<HTMLAnchorElement>(`.drawer [data-key="${key}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  let place: { path: string; top: number; page: number } | undefined;
  root.addEventListener("htmx:beforeSwap", () => {
    const list = root.querySelector(".list");
    place = { path: location.pathname, top: list?.scrollTop ?? 0, page: root.querySelector(".main")?.scrollTop ?? 0 };
  });
  root.addEventListener("htmx:afterSettle", () => {
    if (!place || place.path !== location.pathname) return;
    const list = root.querySelector(".list");
    // A new page of the list starts at its top.
    const turned = new URLSearchParams(location.search).has("after") && place.page === 0 && !root.querySelector(".drawer");
    if (list && !turned) list.scrollTop = place.top;
    const main = root.querySelector(".main");
    if (main) main.scrollTop = place.page;
  });
}
