// The search is a dialog without a name in Material; screen readers want one.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
