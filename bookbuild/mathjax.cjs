// Typesets formulas: one request a line on the input, one answer a line on the output.
//   {"tex": "a^2", "display": false}  ->  {"html": "<mjx-container …"} or {"error": "…"}
//   {"css": "woff-v2"}                ->  {"css": "…"}, with the fonts at that address
// Started as: node mathjax.cjs FOLDER, where FOLDER holds MathJax's components.
const path = require("path");
const folder = process.argv[2];

// No package that names addresses, scripts or identifiers (href, html, require).
const packages = ["base", "ams", "boldsymbol", "mathtools", "newcommand", "textmacros"];

require(path.join(folder, "node-main.js"))
  .init({
    loader: {
      load: ["input/tex-full", "output/chtml", "adaptors/liteDOM", "a11y/assistive-mml"],
      paths: { mathjax: folder },
      versionWarnings: false,
      require,
    },
    tex: { packages, formatError: (jax, error) => { throw error; } },
    chtml: { adaptiveCSS: false, fontURL: "FONTS" },
    startup: { typeset: false },
  })
  .then((MathJax) => {
    const adaptor = MathJax.startup.adaptor;
    const answer = ({ tex, display, css }) => {
      if (css !== undefined) {
        const sheet = adaptor.textContent(MathJax.chtmlStylesheet());
        return { css: sheet.replaceAll("FONTS", css) };
      }
      // its attributes of MathML could name an address; MathJax's own macros need it
      if (/\\mmlToken\b/.test(tex)) return { error: "Undefined control sequence \\mmlToken" };
      try {
        return { html: adaptor.outerHTML(MathJax.tex2chtml(tex, { display })) };
      } catch (error) {
        return { error: error.message };
      }
    };
    require("readline")
      .createInterface({ input: process.stdin })
      .on("line", (line) => console.log(JSON.stringify(answer(JSON.parse(line)))));
  });
