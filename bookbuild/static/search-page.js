// The results of a search. Sphinx's searchtools.js finds them in searchindex.js, whose
// entries are sections (bookbuild/search_index.py); what is here orders and shows them.
(() => {
  "use strict";
  const WORD = /[\p{L}\p{N}]+/gu;
  const AT_ONCE = 20; // results shown before "show more"
  const WORD_OF_TITLE = 5; // worth so many in the text
  const CONTEXT = 220; // characters of a summary
  const TEXTS = {
    en: {
      empty: "What are you looking for?",
      none: (query) => `Nothing found for “${query}”.`,
      some: (query, count) =>
        `No section has all the words of “${query}”. ` +
        `${count === 1 ? "One has" : `${count} have`} some of them.`,
      all: (query, count) => `${count} ${count === 1 ? "result" : "results"} for “${query}”.`,
      title: (query) => `“${query}” — `,
      term: "Glossary",
    },
    fr: {
      empty: "Que cherchez-vous?",
      none: (query) => `Rien trouvé pour «\u00a0${query}\u00a0».`,
      some: (query, count) =>
        `Aucune section n’a tous les mots de «\u00a0${query}\u00a0». ` +
        `${count === 1 ? "Une en a" : `${count} en ont`} une partie.`,
      all: (query, count) =>
        `${count} ${count === 1 ? "résultat" : "résultats"} pour «\u00a0${query}\u00a0».`,
      title: (query) => `«\u00a0${query}\u00a0» — `,
      term: "Lexique",
    },
  };
  const texts = TEXTS[document.documentElement.lang] || TEXTS.en;
  const stemmer = new Stemmer();
  const byId = (id) => document.getElementById(id);

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  /** Where the words of a text that answer the query begin and end. */
  const matches = (text, terms) => {
    const found = [];
    const parts = new Set([...terms].filter(asPart));
    for (const match of text.normalize("NFC").matchAll(WORD)) {
      const folded = fold(match[0]);
      const stems = [stemmer.stemWord(match[0]), stemmer.stemWord(folded)];
      const term = [...terms].find(
        (term) => stems.includes(term) || (parts.has(term) && folded.includes(term))
      );
      if (term) found.push({ term, start: match.index, end: match.index + match[0].length });
    }
    return found;
  };

  /** Sphinx takes a part of a word for it, when the index has not the word itself. */
  const asPart = (term) =>
    term.length > 2 &&
    !Object.hasOwn(Search._index.terms, term) &&
    !Object.hasOwn(Search._index.titleterms, term);

  const distinct = (found) => new Set(found.map((match) => match.term)).size;

  /** A text with its matches marked, from one position to another. */
  const marked = (parent, text, found, from = 0, to = text.length) => {
    let done = from;
    for (const { start, end } of found) {
      if (start < from || end > to) continue;
      parent.append(text.slice(done, start), element("mark", "", text.slice(start, end)));
      done = end;
    }
    parent.append(text.slice(done, to));
    return parent;
  };

  /** The part of a text that has the most of the query's words. */
  const summary = (text, terms) => {
    text = text.normalize("NFC");
    const found = matches(text, terms);
    let best = { words: 0, start: 0 };
    for (const { start } of found) {
      const near = found.filter((each) => each.start >= start && each.end < start + CONTEXT - 60);
      if (distinct(near) > best.words) best = { words: distinct(near), start };
    }
    let from = Math.max(0, best.start - 60);
    if (from > 0) from = text.indexOf(" ", from) + 1;
    let to = Math.min(text.length, from + CONTEXT);
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), from + 1);
    const context = element("p", "context", from > 0 ? "… " : "");
    marked(context, text, found, from, to);
    if (to < text.length) context.append(" …");
    return context;
  };

  /** The line of code that has the most of the query's words. */
  const line = (code, terms) => {
    let best = { words: 0 };
    for (const text of code.split("\n")) {
      const found = matches(text, terms);
      if (distinct(found) > best.words) best = { words: distinct(found), text, found };
    }
    return best.words ? marked(element("code", "context"), best.text, best.found) : null;
  };

  /** What an entry says of the query: in its prose, else in its code. */
  const context = (entry, terms) => {
    const inCode = entry.code && line(entry.code, terms);
    if (inCode && matches(entry.text || "", terms).length === 0) return inCode;
    return entry.text ? summary(entry.text, terms) : null;
  };

  /** Sphinx's results, as entries of the index, each once. */
  const entriesOf = (results, terms) => {
    const index = Search._index;
    const entries = new Map();
    for (const [name, title, anchor, description, score] of results) {
      const entry = index.entries[index.docnames.indexOf(name)];
      const hash = anchor || (entry.anchor ? `#${entry.anchor}` : "");
      const page = name.split("#")[0];
      const key = page + hash;
      if (entries.has(key) && entries.get(key).score >= score) continue;
      const shown = description ? { ...entry, title, number: "", text: description } : entry;
      entries.set(key, { ...shown, page, hash, score });
    }
    for (const entry of entries.values()) {
      entry.inTitle = distinct(matches(entry.title, terms));
      entry.count = matches(entry.text || "", terms).length;
      // a title that has every word says it, all the more if it has few others
      entry.share =
        entry.inTitle === terms.size ? entry.inTitle / entry.title.split(/\s+/).length : 0;
      entry.weight = entry.count + WORD_OF_TITLE * entry.inTitle;
      entry.back = entry.page.startsWith("back/"); // after the lessons
      entry.exercise = entry.share > 0 && entry.kind === "exercise";
    }
    return [...entries.values()].sort(
      (a, b) =>
        (b.share > 0) - (a.share > 0) ||
        a.back - b.back ||
        a.exercise - b.exercise ||
        b.share - a.share ||
        b.weight - a.weight ||
        b.score - a.score ||
        a.title.localeCompare(b.title)
    );
  };

  /** Names that every object has: Sphinx would take them for words of the index. */
  const protect = (terms) => {
    for (const term of terms)
      for (const list of [Search._index.terms, Search._index.titleterms])
        if (term in {} && !Object.hasOwn(list, term)) list[term] = [];
  };

  /** The entries that have all the words of a query, and else those that have some. */
  const find = (query) => {
    const joined = query.replace(/([\p{L}\p{N}])[-‐‑](?=[\p{L}\p{N}])/gu, "$1");
    let terms = new Set();
    const results = [];
    for (const written of new Set([query, joined])) {
      const [, words, excluded, highlighted, objects] = Search._parseQuery(written);
      terms = new Set([...terms, ...words]);
      protect(words);
      if (words.size === 0) continue;
      const names = new Set([...objects].filter((name) => name.length > 1));
      const folded = splitQuery(written).map(fold).join(" ");
      results.push(...Search._performSearch(folded, words, excluded, highlighted, names));
    }
    // the page that a result opens has no use for them: the summary shows the words
    localStorage.removeItem("sphinx_highlight_terms");
    if (results.length || terms.size < 2)
      return { all: true, terms, entries: entriesOf(results, terms) };
    const some = [...terms].flatMap((term) => Search.performTermsSearch(new Set([term]), new Set()));
    const counts = new Map();
    for (const [name] of some) counts.set(name, (counts.get(name) || 0) + 1);
    const most = Math.max(0, ...counts.values());
    const entries = entriesOf(some.filter(([name]) => counts.get(name) === most), terms);
    return { all: false, terms, entries };
  };

  const titleOf = (page) => {
    const { docnames, entries } = Search._index;
    const entry = entries[docnames.indexOf(page)];
    return [entry.number, entry.title].filter(Boolean).join(" ");
  };

  const item = (entry, terms) => {
    const made = element("li", `found-${entry.kind}`);
    const root = document.documentElement.dataset.content_root || "";
    const link = element("a");
    link.href = root + entry.page + DOCUMENTATION_OPTIONS.LINK_SUFFIX + entry.hash;
    if (entry.number) link.append(element("span", "number", entry.number), " ");
    marked(link, entry.title.normalize("NFC"), matches(entry.title, terms));
    made.append(link);
    const where = entry.kind === "term" ? texts.term : entry.hash && titleOf(entry.page);
    if (where) made.append(element("p", "where", where));
    const found = context(entry, terms);
    if (found) made.append(found);
    return made;
  };

  const show = (query) => {
    const { all, terms, entries } = find(query);
    const text = entries.length === 0 ? texts.none : all ? texts.all : texts.some;
    byId("search-status").textContent = text(query, entries.length);
    byId("search-advice").hidden = entries.length > 0;
    const list = element("ul", "search");
    byId("search-results").replaceChildren(list);
    const more = byId("search-more");
    let shown = 0;
    const next = () => {
      const added = entries.slice(shown, shown + AT_ONCE).map((entry) => item(entry, terms));
      list.append(...added);
      if (shown > 0) added[0].querySelector("a").focus();
      shown += added.length;
      more.hidden = shown >= entries.length;
    };
    more.onclick = next;
    next();
  };

  Search.query = show;
  Search.performSearch = (query) => (Search.hasIndex() ? show(query) : Search.deferQuery(query));
  document.addEventListener("DOMContentLoaded", () => {
    const query = (new URLSearchParams(window.location.search).get("q") || "").trim();
    const field = document.querySelector(".search-page input[name=q]");
    if (query) document.title = texts.title(query) + document.title;
    else {
      byId("search-status").textContent = texts.empty;
      byId("search-advice").hidden = false;
      field.focus();
    }
  });
})();
