// Changing language keeps the place: the address's anchor while its target is in view,
// else the labelled section that the top of the window is in.

// Paper is white: a dark theme is put away while the page is printed.
window.matchMedia("print").addEventListener("change", ({ matches }) => {
  const page = document.documentElement.dataset;
  if (matches) [page.screenTheme, page.theme] = [page.theme, "light"];
  else [page.theme, page.screenTheme] = [page.screenTheme ?? page.theme, ""];
});

// The theme makes what overflows a stop of Tab: it must look again at what a fold shows.
document.addEventListener(
  "toggle", () => window.dispatchEvent(new Event("resize")), true);

// A formula that overflows is a stop of Tab too, so that the arrows move it.
const markWide = () => {
  for (const formula of document.querySelectorAll("mjx-container[display]"))
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
};
window.addEventListener("resize", markWide);
window.addEventListener("load", markWide);

// A drawer that closes gives the focus back to its button.
document.addEventListener("close", ({ target }) => {
  const side = target.id?.match(/^pst-(primary|secondary)-sidebar-modal$/)?.[1];
  if (side) document.querySelector(`button.${side}-toggle`)?.focus();
}, true);

document.addEventListener("DOMContentLoaded", () => {
  const inView = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  };
  const place = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (target && inView(target)) return location.hash;
    if (window.scrollY < 40) return "";
    const height = document.documentElement.scrollHeight;
    const atEnd = window.innerHeight + window.scrollY >= height - 4;
    const line = atEnd ? 0.9 * window.innerHeight : 120; // just below the header
    let last = "";
    for (const section of document.querySelectorAll("article section[id^='sec-']"))
      if (section.getBoundingClientRect().top < line) last = `#${section.id}`;
    return last;
  };
  for (const link of document.querySelectorAll("a.edition-switch")) {
    const page = link.getAttribute("href").split("#")[0];
    for (const event of ["click", "pointerdown", "focus"])
      link.addEventListener(event, () => link.setAttribute("href", page + place()));
  }
});
