(() => {
'use strict';
const one = (s, at = document) => at.querySelector(s);
const all = (s, at = document) => [...at.querySelectorAll(s)];

// A link to a folded measure unfolds it; one to a row without an anchor looks for its id.
let find = null;
const unfold = () => {
  const target = location.hash.includes('=') ? null : document.getElementById(location.hash.slice(1));
  if (!target && location.hash.startsWith('#f-') && find) find(location.hash.slice(3));
  for (let d = target; d; d = d.parentElement) if (d.tagName === 'DETAILS') d.open = true;
  if (target) target.scrollIntoView();
};

// Browsers that cannot print folded text get it unfolded. A short print leaves out what is folded.
const whole = document.body.classList.contains('full');
let folded = [];
addEventListener('beforeprint', () => {
  folded = whole ? all('details:not([open])') : [];
  for (const d of folded) d.open = true;
});
addEventListener('afterprint', () => { for (const d of folded) d.open = false; });

const button = (text, act) => {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = text;
  b.addEventListener('click', act);
  return b;
};
const measures = one('.measure');
if (measures) {
  const p = document.createElement('p');
  p.append(button('Expand all', () => all('details').forEach((d) => { d.open = true; })), ' ',
    button('Fold all', () => all('details').forEach((d) => { d.open = false; })));
  measures.before(p);
}

const table = one('#list');
if (!table) { unfold(); addEventListener('hashchange', unfold); return; }
const body = table.tBodies[0];
const bar = one('#bar');
const field = bar.elements;
const rows = [...body.rows].map((tr, at) => {
  const cell = (i) => tr.cells[i].textContent;
  const owner = cell(5);
  return {
    tr, at,
    outcome: cell(0).split(/[,·]/)[0].trim(),
    disposition: /(, waived|· known|, attested)/.exec(cell(0))?.[0].slice(2) ?? 'open',
    severity: cell(1),
    measure: cell(2).split(' ')[0],
    owner: owner.split(', due ')[0].trim(),
    vendors: (tr.dataset.v || '').split(',').filter(Boolean).map((v) => field.vendor.options[+v + 1].value),
    overdue: !!one('.od', tr),
    new: tr.classList.contains('new'),
    text: tr.textContent.toLowerCase(),
  };
});

let sorted = rows;
const rest = one('#rest');
const restSaid = rest?.textContent;

// Choices are what the rows have.
const order = { severity: ['critical', 'high', 'medium', 'low'] };
const fill = (name, values) => {
  const select = field[name];
  const some = [...new Set(values)].sort((a, b) => order[name]
    ? order[name].indexOf(a) - order[name].indexOf(b) : a < b ? -1 : 1);
  select.append(new Option('all', ''), ...some.map((v) => new Option(v, v)));
  if (some.length < 2) select.parentElement.hidden = !some.length;
};
for (const name of ['outcome', 'disposition', 'severity', 'measure', 'owner']) fill(name, rows.map((r) => r[name]));
field.vendor.parentElement.hidden = field.vendor.options.length < 2;
for (const name of ['overdue', 'new']) field[name].parentElement.hidden = !rows.some((r) => r[name]);

const state = () => {
  const s = new URLSearchParams();
  for (const name of ['q', 'outcome', 'disposition', 'severity', 'measure', 'owner', 'vendor']) {
    if (field[name].value) s.set(name, field[name].value);
  }
  for (const name of ['overdue', 'new']) if (field[name].checked) s.set(name, '1');
  return s;
};
// A browser lays out a long table slowly: what lies beyond is a button away.
let most = whole ? Infinity : 1000;
const more = button('Show all', () => { most = Infinity; apply(true); });
const apply = (keep) => {
  const s = state();
  const words = field.q.value.toLowerCase().split(/\s+/).filter(Boolean);
  let n = 0;
  for (const r of sorted) {
    const match = words.every((w) => r.text.includes(w))
      && ['outcome', 'disposition', 'severity', 'measure', 'owner'].every((k) => !s.has(k) || r[k] === s.get(k))
      && (!s.has('vendor') || r.vendors.includes(s.get('vendor')))
      && (!s.has('overdue') || r.overdue) && (!s.has('new') || r.new);
    if (match) n += 1;
    const on = match && n <= most;
    if (r.tr.hidden === on) r.tr.hidden = !on;
  }
  one('#shown').textContent = (n === rows.length ? `${n} findings` : `${n} of ${rows.length} findings`)
    + (n > most ? `; the first ${most} are shown` : '');
  more.hidden = n <= most;
  // The filter is not printed: an extract says that it is one.
  const by = [...s].map(([name, value]) => value === '1' && field[name].type === 'checkbox' ? name
    : `${name === 'q' ? 'text' : name} ${value}`).join(', ');
  for (const p of all('.extract')) {
    p.hidden = !s.size;
    p.textContent = s.size ? `An extract: ${n} of ${rows.length} findings: ${by}.` : '';
  }
  if (rest && n < rows.length) {
    rest.textContent = `Of the ${n} findings that match, the first 10 at most are printed; the others are in the HTML file.`;
  } else if (rest) rest.textContent = restSaid;
  if (!keep) history.replaceState(null, '', `#${s.size ? s : 'findings'}`);
};
find = (id) => {
  bar.reset();
  field.q.value = id;
  apply(true);
  one('#findings').scrollIntoView();
};
const load = () => {
  if (!location.hash.includes('=')) { unfold(); return; }
  const s = new URLSearchParams(location.hash.slice(1));
  bar.reset();
  for (const [name, value] of s) {
    if (name === 'overdue' || name === 'new') field[name].checked = true;
    else if (field[name]) field[name].value = value;
  }
  apply(true);
  one('#findings').scrollIntoView();
};
bar.addEventListener('input', () => apply());
bar.addEventListener('submit', (e) => e.preventDefault());
bar.addEventListener('reset', () => setTimeout(apply));
bar.hidden = false;
one('#shown').after(more);
for (const a of all('a[data-m]')) {
  a.addEventListener('click', () => {
    bar.reset();
    field.measure.value = a.dataset.m;
    setTimeout(() => { apply(); field.q.focus(); });
  });
}

// Columns sort by what their cells say; the third time they go back to the worst first.
const key = (i) => (r) => i === 1 ? String(order.severity.indexOf(r.severity)) : r.tr.cells[i].textContent;
all('thead th', table).forEach((th, i) => {
  const b = button(th.textContent, () => {
    const now = th.getAttribute('aria-sort');
    const next = now === 'ascending' ? 'descending' : now === 'descending' ? null : 'ascending';
    all('th', table).forEach((t) => t.removeAttribute('aria-sort'));
    sorted = [...rows];
    if (next) {
      th.setAttribute('aria-sort', next);
      const keys = new Map(rows.map((r) => [r, key(i)(r)]));
      const by = next === 'ascending' ? 1 : -1;
      sorted.sort((a, c) => (keys.get(a) < keys.get(c) ? -by : keys.get(a) > keys.get(c) ? by : a.at - c.at));
    }
    apply(true);
    body.append(...sorted.map((r) => r.tr));
  });
  th.replaceChildren(b);
  // Browsers repeat no head of a table on paper that has a button in it.
  addEventListener('beforeprint', () => th.replaceChildren(b.textContent));
  addEventListener('afterprint', () => th.replaceChildren(b));
});
apply(true);
load();
addEventListener('hashchange', load);
})();
