// Judges HTML reports as a reader's browser shows them: node check.mjs FOLDER
//
// FOLDER holds NAME.html. Prints a line a check and closes with
// "N passed, N failed"; exit status 1 if a check failed. CHROMIUM names the browser, JAVA runs the HTML checker.
// Nothing is fetched: pages are opened from their files, and a request for anything else fails the page.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const folder = path.resolve(process.argv[2]);
const require = createRequire(import.meta.url);
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const vnu = path.join(path.dirname(require.resolve('vnu-jar/package.json')), 'build/dist/vnu.jar');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PATIENCE = 120_000;

let passed = 0;
let failed = 0;

/** `wrong` lists what is not as it must be. */
function judge(page, check, wrong) {
  if (wrong.length === 0) {
    passed += 1;
    console.log(`ok     ${page}: ${check}`);
  } else {
    failed += 1;
    console.log(`FAILED ${page}: ${check}`);
    for (const line of wrong.slice(0, 10)) console.log(`       ${line}`);
    if (wrong.length > 10) console.log(`       and ${wrong.length - 10} more`);
  }
}

// Lines are broken elsewhere on paper, also behind hyphens.
const squeezed = (text) => text.replace(/[\s\u00ad-]+/gu, '');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

/** Opens a page in a context of its own; what it asks for and complains of goes to `trouble`. */
async function open(file, options, trouble, use) {
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.route('**/*', (route) => {
    const asked = route.request().url();
    if (asked.split('#')[0] === url || asked === 'about:blank') return route.continue();
    trouble.push(`asks for ${asked}`);
    return route.abort();
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.push(`script: ${error}`));
  page.on('dialog', (dialog) => { trouble.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('popup', () => trouble.push('opens a window'));
  try {
    await page.goto(url, { waitUntil: 'load', timeout: PATIENCE });
    return await use(page);
  } finally {
    await context.close();
  }
}

async function axe(page) {
  // evaluate() runs outside the page's content security policy, which forbids injected scripts.
  await page.evaluate(axeSource);
  const result = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }), WCAG);
  return result.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

const openAll = (page) => page.evaluate(() => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});

async function looks(name, file) {
  const trouble = [];
  for (const colorScheme of ['light', 'dark']) {
    await open(file, { colorScheme }, trouble, async (page) => {
      judge(name, `no WCAG 2.2 AA violation, ${colorScheme}, as it opens`, await axe(page));
      await openAll(page);
      judge(name, `no WCAG 2.2 AA violation, ${colorScheme}, unfolded`, await axe(page));
    });
  }
  for (const width of [320, 360]) {
    await open(file, { viewport: { width, height: 640 } }, trouble, async (page) => {
      const measure = () => page.evaluate(() => document.documentElement.scrollWidth);
      const wrong = [];
      for (const state of ['as it opens', 'unfolded']) {
        if (state === 'unfolded') await openAll(page);
        const wide = await measure();
        if (wide > width) wrong.push(`${wide} px wide ${state}`);
      }
      judge(name, `no sideways scroll at ${width} px`, wrong);
    });
  }
  return trouble;
}

async function withoutScript(name, file, trouble) {
  const text = (options) => open(file, options, trouble, async (page) => {
    await openAll(page);
    return (await page.innerText('body')).length;
  });
  const [on, off] = [await text({}), await text({ javaScriptEnabled: false })];
  judge(name, 'without script at least 95 % of the text is there', off >= 0.95 * on ? [] : [`${off} of ${on} characters`]);
}

/** What a short print leaves out beside what is folded: parts, and of a list all but the first ten entries. */
const FILED = '.filed, .cap > :nth-child(n + 11), #list details';

/** Texts of the page as it is without its script, which the printed pages must have too; `left` is left out of them. */
const texts = (page, left) => page.evaluate((left) => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.replace(/[\s\u00ad-]+/gu, '');
    // What is drawn has its numbers in a table, links to parts of the page lead nowhere on paper, and a screen
    // reader's texts are not seen.
    const at = node.parentElement;
    const folded = at.closest('details:not([open])') !== null && at.closest('summary') === null;
    if (left !== '' && (folded || at.closest(left) !== null)) continue;
    const away = at.closest('svg, script, style, nav, a.skip, .sr, #list summary');
    if (text !== '' && !away && at.checkVisibility()) found.push(text);
  }
  return found;
}, left);

/** Parts that a short print leaves out without a word about it in their section. */
const unsaid = (page) => page.evaluate(() => {
  const wrong = [];
  const said = (part) => part.closest('section').querySelector('p.print') !== null;
  for (const part of document.querySelectorAll('.filed')) {
    if (!said(part)) wrong.push(`${part.closest('section').id}: nothing says that a part is not printed`);
  }
  for (const list of document.querySelectorAll('.cap')) {
    const n = list.children.length;
    const notes = [...list.closest('section').querySelectorAll('p.print')].map((note) => note.textContent);
    if (n > 10 && !notes.some((note) => note.includes(`11 to ${n}`))) {
      wrong.push(`${list.closest('section').id}: nothing says where entries 11 to ${n} are`);
    }
  }
  return wrong;
});

/** Whether a text is there, whole or in two parts: a page may end within it. */
function holds(text, part) {
  if (text.includes(part)) return true;
  let [least, most] = [0, part.length];
  while (least + 1 < most) {
    const middle = (least + most) >> 1;
    if (text.includes(part.slice(0, middle))) least = middle;
    else most = middle;
  }
  return least > 0 && text.includes(part.slice(least));
}

/** Pages of A4 that a short print of an example takes at most. */
const PAGES = { 'meridian-labs': 12, 'week-one': 12 };

async function prints(name, file, trouble) {
  const [wanted, quiet] = await open(file, { javaScriptEnabled: false }, trouble, async (page) => {
    const whole = await page.evaluate(() => document.body.classList.contains('full'));
    if (!whole) return [await texts(page, FILED), await unsaid(page)];
    await openAll(page);
    return [await texts(page, ''), []];
  });
  judge(name, 'what is left out of the print is said', quiet);
  for (const format of ['A4', 'Letter']) {
    const pdf = path.join(folder, `${name}-${format}.pdf`);
    await open(file, {}, trouble, (page) => page.pdf({ path: pdf, format, tagged: true }));
    // In the order of the content, so that the lines of neighbouring cells stay apart.
    const text = squeezed(execFileSync('pdftotext', ['-raw', pdf, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 }));
    const missing = [...new Set(wanted)].filter((part) => !holds(text, part));
    judge(name, `what the page says is printed on ${format}`, missing.map((part) => `missing: ${part.slice(0, 100)}`));
    if (format === 'A4' && name in PAGES) {
      // A page ends with a form feed.
      const pages = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\f').length - 1;
      judge(name, `at most ${PAGES[name]} pages of A4`, pages >= 1 && pages <= PAGES[name] ? [] : [`${pages} pages`]);
    }
  }
}

/** The list of findings: it filters, says how many it shows, keeps the choice in the address, and sorts. */
async function filters(name, file, trouble) {
  const rows = (page) => page.evaluate(() => [...document.querySelectorAll('#list tbody tr')]
    .filter((row) => row.checkVisibility())
    .map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  const said = (page) => page.evaluate(() => Number(/\d+/.exec(document.querySelector('#shown').textContent)?.[0]));
  const wrong = [];
  const expect = (holds, what) => { if (!holds) wrong.push(what); };
  const listed = await open(file, { javaScriptEnabled: false }, trouble, async (page) => {
    if ((await page.$('#list')) === null) return null;
    expect(!(await page.isVisible('#bar')), 'the filter shows without the script that runs it');
    return rows(page);
  });
  if (listed === null) return;
  let address;
  let kept;
  await open(file, {}, trouble, async (page) => {
    expect(await page.isVisible('#bar'), 'the filter does not show');
    expect((await said(page)) === listed.length, `${await said(page)} findings, and ${listed.length} rows`);
    const id = listed[0][3].split(/[,;\s]/)[0];
    await page.focus('#bar input[name=q]');
    await page.keyboard.type(id);
    kept = await rows(page);
    const wanted = listed.filter((row) => row.join(' ').toLowerCase().includes(id.toLowerCase()));
    expect(kept.length === wanted.length, `${kept.length} rows for ${id}, and ${wanted.length} have it`);
    expect((await said(page)) === wanted.length, `it says ${await said(page)} of ${wanted.length} for ${id}`);
    address = await page.evaluate(() => location.hash);
    expect(address.includes('q='), `the address does not have the choice: ${address}`);
    await page.click('#bar button[type=reset]');
    await page.waitForFunction((n) => document.querySelector('#shown').textContent.startsWith(`${n} `), listed.length);
    for (const field of ['outcome', 'severity', 'measure', 'owner']) {
      const column = { outcome: 0, severity: 1, measure: 2, owner: 5 }[field];
      const values = await page.$$eval(`#bar select[name=${field}] option`, (all) => all.map((o) => o.value));
      for (const value of values.filter((v) => v !== '').slice(0, 3)) {
        await page.selectOption(`#bar select[name=${field}]`, value);
        const shown = await rows(page);
        expect(shown.length > 0 && shown.every((row) => row[column].includes(value)), `${field} ${value}`);
        const all = listed.filter((row) => row[column].startsWith(value)).length;
        expect((await said(page)) >= Math.min(all, 1), `it says ${await said(page)} for ${field} ${value}`);
      }
      if (values.length > 1) await page.selectOption(`#bar select[name=${field}]`, '');
    }
    await page.click('#list thead th:nth-child(4) button');
    const sort = await page.getAttribute('#list thead th:nth-child(4)', 'aria-sort');
    const ids = await page.$$eval('#list tbody tr', (all) => all
      .filter((row) => row.checkVisibility()).map((row) => row.cells[3].textContent));
    expect(sort === 'ascending', `the column says it is sorted ${sort}`);
    expect(ids.every((cell, i) => i === 0 || ids[i - 1] <= cell), 'the column is not sorted');
  });
  const again = pathToFileURL(file).href + address;
  await open(file, {}, trouble, async (page) => {
    await page.goto('about:blank');
    await page.goto(again, { waitUntil: 'load' });
    expect(JSON.stringify(await rows(page)) === JSON.stringify(kept), 'the address does not bring the choice back');
  });
  judge(name, 'the list filters, counts, sorts and is found again', wrong);
}

/** Reports whose first screen has to have it all, and whether that has the box about reporting. */
const FIRST = {
  'meridian-labs': true, 'week-one': true, known: true, exercise: false, 'shared-account': true,
};

/** Verdict, counts, the box and what is asked are in sight; what does not exist takes a line; findings are one jump away. */
async function firstScreen(name, file, trouble) {
  if (!(name in FIRST)) return;
  const wrong = [];
  await open(file, {}, trouble, async (page) => {
    const low = await page.evaluate(() => ['.verdict', '#asked', '.numbers', 'aside.report']
      .map((what) => [what, document.querySelector(what)?.getBoundingClientRect().bottom ?? 0])
      .filter(([, bottom]) => bottom > innerHeight));
    for (const [what, bottom] of low) wrong.push(`${what} ends at ${Math.round(bottom)} px`);
    const box = (await page.$('aside.report')) !== null;
    if (box !== FIRST[name]) wrong.push(box ? 'the box about reporting is shown' : 'the box about reporting is missing');
    const tall = await page.evaluate(() => [...document.querySelectorAll('section.none')]
      .map((section) => [section.id, section.getBoundingClientRect().height]).filter(([, height]) => height > 60));
    for (const [id, height] of tall) wrong.push(`#${id} takes ${Math.round(height)} px to say that there is nothing`);
    if (await page.$('#list')) {
      await page.click('nav a[href="#findings"]');
      const top = await page.evaluate(() => document.querySelector('#findings').getBoundingClientRect().top);
      if (Math.abs(top) > 60) wrong.push(`the link to the findings leads ${Math.round(top)} px beside them`);
    }
  });
  judge(name, 'the first screen has it all', wrong);
}

/** A pattern has the outcome of what was found, and a headline that says what is the case; measures say how bad. */
async function says(name, file, trouble) {
  const wrong = [];
  await open(file, {}, trouble, async (page) => {
    const headlines = await page.$$eval('.pattern h3', (all) => all.map((h3) => h3.innerText));
    for (const text of headlines) {
      if (/not assessed|Expected:|not so/u.test(text)) wrong.push(`a pattern says: ${text}`);
    }
    const rows = await page.$$eval('table.measures tbody tr', (all) => all.map((row) => [...row.cells].map((c) => c.innerText)));
    for (const [outcome, worst, measure] of rows) {
      const isBad = /gap|review/u.test(outcome);
      if (isBad !== /critical|high|medium|low/u.test(worst)) wrong.push(`${measure}: ${outcome}, ${worst}`);
    }
  });
  judge(name, 'patterns and measures say how bad it is', wrong);
}

/** The list tells known gaps from new ones, and filters by it. */
async function dispositions(name, file, trouble) {
  if (name !== 'known') return;
  const wrong = [];
  await open(file, {}, trouble, async (page) => {
    const shown = async (value) => {
      await page.selectOption('#bar select[name=disposition]', value);
      return page.$$eval('#list tbody tr', (all) => all.filter((r) => r.checkVisibility()).map((r) => r.cells[0].innerText));
    };
    const known = await shown('known');
    if (known.length < 50 || !known.every((text) => text.includes('known since 2026-06-30'))) wrong.push(`known: ${known[0]}`);
    const open = (await shown('open')).filter((text) => text.includes('gap'));
    if (open.length !== 1 || open[0].includes('known')) wrong.push(`open: ${open.join(' | ')}`);
  });
  judge(name, 'known gaps are told from new ones', wrong);
}

/** What is printed of a filtered page says that it is an extract, on its first page too; every page has its number. */
async function extracts(name, file, trouble) {
  if (name !== 'meridian-labs' && name !== 'meridian-labs-whole') return;
  const wrong = [];
  const printed = async (address) => {
    const pdf = path.join(folder, `${name}-extract.pdf`);
    await open(file, {}, trouble, async (page) => {
      await page.goto('about:blank');
      await page.goto(pathToFileURL(file).href + address, { waitUntil: 'load' });
      await page.pdf({ path: pdf, format: 'A4', preferCSSPageSize: true });
    });
    const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 });
    return text.split('\f').slice(0, -1);
  };
  const part = await printed('#severity=critical&measure=DD-09');
  const label = /An extract: (\d+) of (\d+) findings: severity critical, measure DD-09\./u;
  if (!label.test(part[0].replace(/\s+/gu, ' '))) wrong.push('the first page does not say that it is an extract');
  if (part.filter((page) => label.test(page.replace(/\s+/gu, ' '))).length < 2) wrong.push('the list does not say that it is an extract');
  const whole = await printed('');
  if (whole.some((page) => /An extract/u.test(page))) wrong.push('the whole page says that it is an extract');
  whole.forEach((page, i) => {
    if (!page.includes(`Page ${i + 1} of ${whole.length}`)) wrong.push(`page ${i + 1} has no number`);
    if (!page.includes('Meridian Labs: gap report as of 2026-06-30')) wrong.push(`page ${i + 1} does not say whose report it is`);
  });
  if (name.endsWith('-whole')) {
    const listed = whole.map((page, i) => [i, page]).filter(([, page]) => /DD-\d\d\b.*\n/u.test(page) && /Outcome\s+Severity\s+Check/u.test(page));
    if (listed.length < 3) wrong.push(`the head of the list of findings is on ${listed.length} pages`);
  }
  judge(name, 'what is printed says what it is, on every page', wrong);
}

/** The charts of the trend: texts that can be read and do not overlap, the numbers of the table, the whole width. */
async function trends(name, file, trouble) {
  const seen = (page) => page.evaluate(() => [...document.querySelectorAll('svg.trend')].map((svg) => ({
    left: svg.closest('.trends').getBoundingClientRect().left,
    right: svg.closest('.trends').getBoundingClientRect().right,
    figure: svg.closest('figure').getBoundingClientRect().toJSON(),
    wide: svg.getBoundingClientRect().width,
    texts: [...svg.querySelectorAll('text')].map((text) => ({
      text: text.textContent,
      // What a text is scaled by, its size is.
      size: parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d,
      box: text.getBoundingClientRect().toJSON(),
    })),
    columns: [...svg.querySelectorAll('.column')].map((column) => ({
      period: column.querySelector('.period').textContent,
      sum: column.querySelector('.total')?.textContent ?? null,
      parts: [...column.querySelectorAll('.part')].map((part) => Number(part.textContent)),
    })),
    keys: svg.closest('figure').querySelectorAll('.key').length,
  })));
  const rows = (page) => page.evaluate(() => [...document.querySelectorAll('.periods tbody tr')]
    .map((row) => [...row.cells].map((cell) => cell.firstChild.textContent.trim())));
  for (const [media, width] of [['screen', 320], ['screen', 768], ['screen', 1280], ['print', 688]]) {
    const wrong = [];
    await open(file, { viewport: { width, height: 900 } }, trouble, async (page) => {
      await page.emulateMedia({ media });
      const charts = await seen(page);
      if (charts.length !== 2) wrong.push(`${charts.length} charts`);
      const table = await rows(page);
      charts.forEach((chart, i) => {
        for (const { text, size } of chart.texts) if (size < 10) wrong.push(`${text} is ${size} px high`);
        const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
        chart.texts.forEach((a, n) => chart.texts.slice(n + 1).forEach((b) => {
          if (over(a.box, b.box)) wrong.push(`${a.text} and ${b.text} overlap`);
        }));
        if (chart.keys < 4) wrong.push(`${chart.keys} keys in the legend`);
        const last = table.slice(-chart.columns.length);
        chart.columns.forEach((column, n) => {
          const cells = last[n];
          const gone = cells.length < 13 ? 3 : 0;
          const numbers = (i === 0 ? cells.slice(4, 8 - gone) : cells.slice(8 - gone)).map(Number);
          if (column.period !== cells[0]) wrong.push(`${column.period} is the period ${cells[0]} of the table`);
          if (column.sum === null) {
            if (i === 1 || gone === 0) wrong.push(`${column.period} has no numbers`);
            return;
          }
          const wanted = numbers.filter((number) => number > 0);
          if (String(column.parts) !== String(wanted)) wrong.push(`${column.period}: ${column.parts}, and ${wanted} in the table`);
          if (Number(column.sum) !== wanted.reduce((a, b) => a + b, 0)) wrong.push(`${column.period}: ${column.sum} in all`);
        });
      });
      const [left, right] = [Math.min(...charts.map((c) => c.figure.left)), Math.max(...charts.map((c) => c.figure.right))];
      if (left > charts[0].left + 1 || right < charts[0].right - 1) wrong.push(`from ${left} to ${right} of ${charts[0].right}`);
    });
    judge(name, `the trend is readable at ${width} px, ${media}`, wrong);
  }
}

function validHtml(name, file) {
  const run = spawnSync(process.env.JAVA ?? 'java', ['-Xss4m', '-jar', vnu, '--errors-only', '--format', 'text', file],
    { encoding: 'utf8', maxBuffer: 1 << 26 });
  const said = `${run.stderr}${run.stdout}`.split('\n').filter((line) => line.trim() !== '');
  judge(name, 'the HTML checker finds no error', run.status === 0 ? [] : said.length ? said : [`status ${run.status}`]);
}

const names = fs.readdirSync(folder).filter((f) => f.endsWith('.html')).map((f) => f.slice(0, -5)).sort();
try {
  for (const name of names) {
    const file = path.join(folder, `${name}.html`);
    // One that is printed whole differs from its page in nothing else.
    const whole = name.endsWith('-whole');
    const trouble = whole ? [] : await looks(name, file);
    if (!whole) {
      await withoutScript(name, file, trouble);
      await filters(name, file, trouble);
      await firstScreen(name, file, trouble);
      await says(name, file, trouble);
      await dispositions(name, file, trouble);
      if (fs.readFileSync(file, 'utf8').includes('class="trends"')) await trends(name, file, trouble);
    }
    await extracts(name, file, trouble);
    await prints(name, file, trouble);
    judge(name, 'asks for nothing and complains of nothing', [...new Set(trouble)]);
    validHtml(name, file);
  }
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
