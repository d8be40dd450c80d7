/* Moves the sliders of a page: each picture is one SVG and what changes in it.
   Without this script, or in a browser that cannot inflate, the picture stands still. */
(function () {
  "use strict";

  const CHILDREN = "", TEXT = "#";
  const PAUSE_BEFORE_SPEAKING = 250; // ms without a move
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  async function unpack(text, encoding) {
    if (encoding === "json") return JSON.parse(text);
    const bytes = Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream();
    const inflated = stream.pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(inflated).text());
  }

  function position(control) {
    if (control.type === "checkbox") return Number(control.checked);
    if (control.tagName === "SELECT") return control.selectedIndex;
    return Number(control.value);
  }

  function positions(control) {
    if (control.type === "checkbox") return 2;
    if (control.tagName === "SELECT") return control.options.length;
    return Number(control.max) + 1;
  }

  function start(slider) {
    const encoding = slider.dataset.slider;
    if (encoding === "deflate" && !window.DecompressionStream) return;
    const svg = slider.querySelector("svg");
    const sentence = slider.querySelector(".slider-sentence");
    const controls = [...slider.querySelectorAll("[data-control]")];
    const readouts = controls.map((c) => JSON.parse(c.dataset.values || "[]"));
    let content = null, waiting = false, speaking = 0, shown = -1;

    function load() {
      content = content || unpack(
        slider.querySelector(".slider-data").textContent, encoding
      ).then((data) => {
        const marked = {};
        for (const element of [svg, ...svg.querySelectorAll("[data-s]")]) {
          if (element.dataset.s !== undefined) marked[element.dataset.s] = element;
        }
        data.slots = data.slots.map(([mark, name, values, index]) => (
          { element: marked[mark], name, values, index, current: -1 }
        ));
        return data;
      });
      return content;
    }

    function frame() {
      return controls.reduce((k, c) => k * positions(c) + position(c), 0);
    }

    function change(slot, k) {
      const number = slot.index ? slot.index[k] : k;
      if (number === slot.current) return;
      slot.current = number;
      const value = slot.values[number];
      if (slot.name === CHILDREN) slot.element.innerHTML = value;
      else if (slot.name === TEXT) slot.element.textContent = value;
      else slot.element.setAttribute(slot.name, value);
    }

    function draw() {
      waiting = false;
      load().then((data) => {
        const k = frame();
        if (k === shown) return;
        shown = k;
        for (const slot of data.slots) change(slot, k);
        slider.dataset.frame = k;
        if (!sentence) return;
        clearTimeout(speaking);
        speaking = setTimeout(() => {
          sentence.textContent = data.sentences[k];
        }, PAUSE_BEFORE_SPEAKING);
      });
    }

    function moved() {
      controls.forEach((control, i) => {
        if (control.type !== "range") return;
        const text = readouts[i][position(control)];
        control.setAttribute("aria-valuetext", text);
        slider.querySelector('output[for="' + control.id + '"]').textContent = text;
      });
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(draw);
      }
    }

    for (const control of controls) {
      control.addEventListener("input", moved);
      control.addEventListener("focus", load);
      control.addEventListener("pointerenter", load);
    }
    for (const button of slider.querySelectorAll("[data-play]")) {
      play(button, document.getElementById(button.dataset.play), sentence);
    }
    slider.querySelector(".slider-controls").hidden = false;
    if (controls.some((c) => String(position(c)) !== c.dataset.control)) moved();
  }

  function play(button, control, sentence) {
    const [playing, pausing] = JSON.parse(button.dataset.words);
    let timer = 0;

    function stop() {
      clearInterval(timer);
      timer = 0;
      button.setAttribute("aria-label", playing);
      button.classList.remove("slider-playing");
      if (sentence) sentence.setAttribute("aria-live", "polite");
    }

    function step() {
      control.value = Number(control.value) + 1;
      control.dispatchEvent(new Event("input"));
      if (control.value === control.max) stop();
    }

    button.addEventListener("click", () => {
      if (timer) return stop();
      if (sentence) sentence.setAttribute("aria-live", "off");
      if (control.value === control.max) {
        control.value = 0;
        control.dispatchEvent(new Event("input"));
      }
      button.setAttribute("aria-label", pausing);
      button.classList.add("slider-playing");
      timer = setInterval(step, calm.matches ? 1500 : 400);
    });
    control.addEventListener("pointerdown", () => timer && stop());
    control.addEventListener("keydown", () => timer && stop());
  }

  function startAll() {
    document.querySelectorAll("[data-slider]").forEach(start);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", startAll);
  } else startAll();
})();
