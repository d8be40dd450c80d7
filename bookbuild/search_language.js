// What search.py says to Sphinx, said to the browser: the same words on both sides.

/** A word in small letters, without accents nor ligatures. */
const fold = (word) =>
  word
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .replace(/\p{M}/gu, "");

const Unfolded = Stemmer;
Stemmer = function () {
  const stemmer = new Unfolded();
  this.stemWord = (word) =>
    fold(word.length > 2 ? stemmer.stemWord(word.toLowerCase()) : word);
};

/** The words of a query, without stop words nor what an apostrophe leaves. */
var splitQuery = (query) =>
  (query.normalize("NFC").replace(ELISION, " ").match(/[\p{L}\p{N}]+/gu) || []).filter(
    (word) => !stopwords.includes(word.toLowerCase())
  );
