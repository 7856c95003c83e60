/** Sends a choice at once, asks before what cannot be undone, sends a form once only. */
export function sending(root: Document): void {
  root.addEventListener("change", (event) => {
    const form = (event.target as Element | null)?.closest<HTMLFormElement>("form[data-send-on-change]");
    form?.requestSubmit();
  });
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const question = event.submitter?.dataset["confirm"] ?? form.dataset["confirm"];
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.dataset["sent"] === "yes") {
      event.preventDefault();
    } else if (form.method === "post") {
      form.dataset["sent"] = "yes";
      // A download answers without leaving the page: the form may be sent again.
      setTimeout(() => delete form.dataset["sent"], 2000);
    }
  });
  // Coming back by the browser's button, a form may be sent again.
  window.addEventListener("pageshow", () => root.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach((form) => delete form.dataset["sent"]));
}
