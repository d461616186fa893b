// The filters of "Rows to fix". Everything is in the page; nothing is asked of any network, and the
// state of the filters stands in the page's address, so that a filtered list can be kept and sent.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const table = byId("table").querySelector("table");
  const form = byId("filters");
  const SHOWN = Number(table.dataset.shown);
  const PRINTED = 10000; // more rows than this fill hundreds of sheets of paper
  const HIDDEN = 0;
  const [TABLE, ROW, KIND, SCHOOL, STATE, SET] = [0, 1, 2, 3, 4, 5];
  const FILTERS = ["school", "kind", "cause", "who"];
  const number = new Intl.NumberFormat("en").format;

  // What a row has for each filter: one value, or several for its causes.
  const causes = data.sets.map(([, ...said]) => new Set(said.map((at) => data.said[at][0])));
  const ruleIds = Object.keys(data.rules);
  const values = {
    school: { names: data.schools, of: (row) => [data.schools[row[SCHOOL]]] },
    kind: { names: data.kinds, of: (row) => [data.kinds[row[KIND]]] },
    cause: { names: ruleIds, of: (row) => causes[row[SET]] },
    who: { names: Object.keys(data.fixers), of: (row) => [data.sets[row[SET]][0]] },
  };
  const label = {
    school: (name) => `\u2068${name}\u2069`, // apart from the number, whichever way it is written
    kind: (name) => name,
    cause: (name) => data.rules[name].title,
    who: (name) => data.fixers[name],
  };
  const state = { school: "", kind: "", cause: "", who: "", only: false, search: "", page: 1 };

  // ---- Which rows fit -------------------------------------------------------------------------

  const words = {
    sets: data.sets.map(([, ...said]) => said.map((at) => data.said[at].join(" ")).join(" ").toLowerCase()),
    places: data.places.map((place) => place.join(" ").toLowerCase()),
    schools: data.schools.map((name) => name.toLowerCase()),
    kinds: data.kinds.map((name) => name.toLowerCase()),
  };

  function searched() {
    const terms = state.search.toLowerCase().split(/\s+/).filter(Boolean).map((term) => ({
      term,
      sets: words.sets.map((text) => text.includes(term)),
      places: words.places.map((text) => text.includes(term)),
      schools: words.schools.map((text) => text.includes(term)),
      kinds: words.kinds.map((text) => text.includes(term)),
    }));
    return (row) => terms.every((one) => one.sets[row[SET]] || one.places[row[TABLE]]
      || one.schools[row[SCHOOL]] || one.kinds[row[KIND]] || String(row[ROW]) === one.term);
  }

  // The rows that fit, and for each filter how many rows each of its values would give.
  function fitting() {
    const search = searched();
    const counts = Object.fromEntries(FILTERS.map((name) => [name, new Map([["", 0]])]));
    const rows = [];
    let hidden = 0;
    const add = (name, row) => {
      counts[name].set("", counts[name].get("") + 1);
      for (const value of values[name].of(row)) {
        counts[name].set(value, (counts[name].get(value) || 0) + 1);
      }
    };
    for (const row of data.rows) {
      if (!search(row)) continue;
      const fails = FILTERS.filter((name) => state[name] && !has(values[name].of(row), state[name]));
      const barred = state.only && row[STATE] !== HIDDEN;
      if (!fails.length && row[STATE] === HIDDEN) hidden += 1;
      if (barred || fails.length > 1) continue;
      if (fails.length) {
        add(fails[0], row);
      } else {
        rows.push(row);
        FILTERS.forEach((name) => add(name, row));
      }
    }
    return { rows, counts, hidden };
  }

  const has = (all, value) => (all instanceof Set ? all.has(value) : all[0] === value);

  // ---- What is shown --------------------------------------------------------------------------

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function sentence([rule, text]) {
    const { fix, where, who } = data.rules[rule];
    const details = element("details");
    const last = element("p", `Who can: ${who} · `);
    last.append(element("a", rule, { href: `#rule-${rule}` }));
    details.append(element("summary", text), element("p", fix), element("p", `In Campus: ${where}`), last);
    return details;
  }

  function line(row) {
    const [file, sheet, group] = data.places[row[TABLE]];
    const made = element("tr", undefined, { role: "row" });
    const head = element("th", undefined, { role: "rowheader", scope: "row", class: "row" });
    head.append(element("span", "Row ", { class: "label" }), String(row[ROW]));
    const cell = (...parts) => {
      const td = element("td", undefined, { role: "cell" });
      td.append(...parts);
      return td;
    };
    const worded = (text) => {
      const td = cell(text);
      td.className = "words";
      return td;
    };
    const place = worded(sheet);
    if (group) place.append(" ", element("span", group, { class: "group" }));
    if (data.severalFiles) place.append(" ", element("span", file, { class: "file" }));
    made.append(head, place);
    if (data.schools.length > 1) made.append(worded(data.schools[row[SCHOOL]]));
    const [look, name] = data.states[row[STATE]];
    const [, ...said] = data.sets[row[SET]];
    made.append(
      cell(data.kinds[row[KIND]]),
      cell(element("span", name, { class: `chip ${look}` })),
      cell(...said.map((at) => sentence(data.said[at]))),
    );
    return made;
  }

  function options(name, counts) {
    const select = byId(name);
    const made = [element("option", `All (${number(counts.get(""))})`, { value: "" })];
    for (const value of values[name].names) {
      const count = counts.get(value) || 0;
      if (count || value === state[name]) {
        made.push(element("option", `${label[name](value)} (${number(count)})`, { value }));
      }
    }
    select.replaceChildren(...made);
    select.value = state[name];
    select.closest(".field").hidden = values[name].names.length < 2 && !state[name];
  }

  function lay(rows, first, last) {
    byId("body").replaceChildren(...rows.slice(first, last).map(line));
  }

  let shown = [];

  function status(first, last) {
    byId("status").textContent = shown.length
      ? `Rows ${number(first + 1)} to ${number(last)} of ${number(shown.length)}`
      : "No row fits";
  }

  function print() {
    const last = Math.min(PRINTED, shown.length);
    lay(shown, 0, last);
    status(0, last);
  }

  function show() {
    const { rows, counts, hidden } = fitting();
    shown = rows;
    const pages = Math.max(1, Math.ceil(rows.length / SHOWN));
    state.page = Math.min(Math.max(1, state.page), pages);
    const first = (state.page - 1) * SHOWN;
    const last = Math.min(first + SHOWN, rows.length);
    lay(rows, first, last);
    FILTERS.forEach((name) => options(name, counts[name]));
    byId("only").checked = state.only;
    byId("only-count").textContent = `(${number(hidden)})`;
    if (byId("search").value !== state.search) byId("search").value = state.search;
    byId("table").hidden = !rows.length;
    byId("nothing").hidden = Boolean(rows.length);
    status(first, last);
    byId("pages").hidden = pages < 2;
    byId("page").textContent = `Page ${number(state.page)} of ${number(pages)}`;
    byId("previous").setAttribute("aria-disabled", String(state.page === 1));
    byId("next").setAttribute("aria-disabled", String(state.page === pages));
  }

  // ---- The state in the address ---------------------------------------------------------------

  function written() {
    const parts = new URLSearchParams();
    FILTERS.forEach((name) => state[name] && parts.set(name, state[name]));
    if (state.only) parts.set("only", "hidden");
    if (state.search) parts.set("search", state.search);
    if (state.page > 1) parts.set("page", String(state.page));
    return parts.toString();
  }

  // An address such as #rows is a place in the page and says nothing about filters.
  function readAddress() {
    const text = location.hash.slice(1);
    if (text && !text.includes("=")) return false;
    const parts = new URLSearchParams(text);
    for (const name of FILTERS) {
      const value = parts.get(name) || "";
      state[name] = values[name].names.includes(value) ? value : "";
    }
    state.only = parts.get("only") === "hidden";
    state.search = parts.get("search") || "";
    state.page = Number.parseInt(parts.get("page"), 10) || 1;
    return Boolean(text);
  }

  function change(changes) {
    Object.assign(state, { page: 1 }, changes);
    show();
    const address = written();
    history.replaceState(null, "", address ? `#${address}` : "#rows");
  }

  const NOTHING = { school: "", kind: "", cause: "", who: "", only: false, search: "" };

  function toRows() {
    byId("rows").scrollIntoView();
    byId("rows").focus({ preventScroll: true });
  }

  function goToAddress() {
    if (!readAddress()) return;
    show();
    toRows();
  }

  FILTERS.forEach((name) => byId(name).addEventListener("change", (event) => change({ [name]: event.target.value })));
  byId("only").addEventListener("change", (event) => change({ only: event.target.checked }));
  byId("search").addEventListener("input", (event) => change({ search: event.target.value }));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    change(NOTHING);
  });
  byId("again").addEventListener("click", () => {
    change(NOTHING);
    toRows();
  });
  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    byId(id).addEventListener("click", (event) => {
      if (event.currentTarget.getAttribute("aria-disabled") === "true") return;
      change({ page: state.page + step });
      byId("status").scrollIntoView();
    });
  }
  for (const link of document.querySelectorAll("a.goto")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      change({ ...NOTHING, cause: link.dataset.cause || "", school: link.dataset.school || "" });
      toRows();
    });
  }
  addEventListener("hashchange", goToAddress);
  addEventListener("beforeprint", print);
  addEventListener("afterprint", show);

  form.hidden = false;
  byId("printed").hidden = false;
  show();
  goToAddress();
})();
