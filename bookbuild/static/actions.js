// What the header's buttons do: the page's policy refuses handlers written in the HTML.
document.addEventListener("DOMContentLoaded", () => {
  const actions = { print: () => window.print(), toggleFullScreen };
  for (const button of document.querySelectorAll("button[data-action]"))
    button.addEventListener("click", actions[button.dataset.action]);
});
