/**
 * Links that stay on their page swap its main part. Where that cannot work —
 * signed out meanwhile, no connection, a page of another kind — the browser
 * goes there as if there were no script.
 */
export function boost(root: Document): void {
  type Swap = CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean; boosted?: boolean; requestConfig: { boosted?: boolean; path: string } }>;
  root.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as Swap;
    if (!detail.requestConfig?.boosted) return;
    if (detail.xhr.responseText.includes('id="main"')) {
      // An error page says what to do: it is shown as well.
      detail.shouldSwap = true;
      detail.isError = false;
    } else {
      detail.shouldSwap = false;
      location.assign(detail.xhr.responseURL || detail.requestConfig.path);
    }
  });
  root.addEventListener("htmx:sendError", (event) => {
    const { detail } = event as Swap;
    if (detail.requestConfig?.boosted) location.assign(detail.requestConfig.path);
  });
}
