// French for a reader whose first language among the two is French, else English.
const known = (navigator.languages || [navigator.language]).map((l) => l.slice(0, 2));
const first = known.find((l) => l === "fr" || l === "en") || "en";
location.replace(`${first}/index.html`);
