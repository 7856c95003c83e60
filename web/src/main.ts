// What the pages gain from script. Each island looks for its own attributes
// and leaves a page that works without it as it is.
import htmx from "htmx.org";
import { boost } from "./boost";
import { copy } from "./copy";
import { drawer } from "./drawer";
import { drop } from "./drop";
import { sending } from "./sending";
import { ticks } from "./ticks";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

/** Islands that belong to the whole document: set up once. */
boost(document);
copy(document);
drawer(document);
sending(document);
ticks(document);
drop(document);

/** What has to be marked in new content: on load, and after a swap. */
function ready(root: ParentNode): void {
  for (const hint of root.querySelectorAll<HTMLElement>("[data-drop-hint], [data-ticked]")) hint.hidden = false;
  // A choice that is sent at once needs no button.
  for (const button of root.querySelectorAll<HTMLElement>("form[data-send-on-change] button")) button.hidden = true;
  document.dispatchEvent(new CustomEvent("suyuan:ready"));
}
ready(document);
document.body.addEventListener("htmx:afterSettle", () => ready(document));
