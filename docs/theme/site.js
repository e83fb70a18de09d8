// The search is a dialog without a name in Material; screen readers want one.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
// A wide table scrolls, which must be possible by keyboard too. Material wraps it once the page is there.
addEventListener("load", () => {
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap")) table.tabIndex = 0;
});
