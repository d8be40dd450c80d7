/* The glossary's table: sorted by either language, filtered by a text.
   Without this script it is a plain table, in the page's own language's order. */
(function () {
  "use strict";

  const WORDS = {
    en: {
      sort: (name, up) => `Sorted by ${name}, ${up ? "A to Z" : "Z to A"}.`,
      count: (n, all) =>
        n === all ? `${all} terms.` : n === 0 ? "No term." : `${n} of ${all} terms.`,
    },
    fr: {
      sort: (name, up) =>
        `Tri selon la colonne ${name}, de ${up ? "A à Z" : "Z à A"}.`,
      count: (n, all) =>
        n === all ? `${all} termes.`
          : n === 0 ? "Aucun terme." : `${n} ${n === 1 ? "terme" : "termes"} sur ${all}.`,
    },
  };
  const SORTED = 2; // columns

  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/œ/g, "oe").replace(/æ/g, "ae")
      .replace(/’/g, "'").replace(/[\u2010-\u2013]/g, "-").replace(/\s+/g, " ").trim();
  }

  function start(table) {
    const lang = document.documentElement.lang;
    const words = WORDS[lang];
    const collator = new Intl.Collator(lang, {
      sensitivity: "base", ignorePunctuation: true, numeric: true,
    });
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({
      row,
      cells: [...row.cells].slice(0, SORTED).map((cell) => cell.textContent.trim()),
    }));
    for (const each of rows) each.text = plain(each.cells.join(" "));
    const headings = [...table.tHead.rows[0].cells].slice(0, SORTED);
    const field = document.getElementById("lexicon-filter");
    const status = document.querySelector(".lexicon-status");

    function order(column, up) {
      const sign = up ? 1 : -1;
      rows.sort((a, b) =>
        sign * collator.compare(a.cells[column], b.cells[column]));
      body.append(...rows.map(({ row }) => row));
      headings.forEach((heading, i) => {
        if (i === column) {
          heading.setAttribute("aria-sort", up ? "ascending" : "descending");
        } else heading.removeAttribute("aria-sort");
      });
    }

    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "lexicon-sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const up = heading.getAttribute("aria-sort") !== "ascending";
        order(column, up);
        status.textContent = words.sort(heading.textContent.trim(), up);
      });
    });

    function filter() {
      const wanted = plain(field.value).split(" ").filter(Boolean);
      let shown = 0;
      for (const { row, text } of rows) {
        row.hidden = !wanted.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      status.textContent = words.count(shown, rows.length);
    }

    // a link to a term shows it, whatever the filter says
    function reveal() {
      const id = decodeURIComponent(location.hash.slice(1));
      const target = id && document.getElementById(id);
      if (!target || !body.contains(target)) return;
      if (target.hidden) {
        field.value = "";
        filter();
      }
      target.scrollIntoView();
    }

    field.addEventListener("input", filter);
    window.addEventListener("hashchange", reveal);
    order(0, true);
    filter();
    reveal();
  }

  document.querySelectorAll("table.lexicon").forEach(start);
})();
