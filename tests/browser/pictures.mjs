// Takes the pictures of docs/images: node pictures.mjs REPORT.html FOLDER write|check
//
// `write` leaves each picture with a text file beside it: the SHA-256 of the picture, and every line of text that it shows.
// `check` compares what the report shows today with these lines, and each picture with its SHA-256; exit status 1 where they
// differ. CHROMIUM names the browser. Pictures themselves are never compared: fonts differ between machines.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [report, folder, mode] = process.argv.slice(2);
const url = pathToFileURL(path.resolve(report)).href;

/** What is shown in each picture, and how large it is. */
const pictures = {
  report: { height: 1060, show: async () => {} },
  findings: {
    height: 760,
    show: async (page) => {
      await page.selectOption('#bar [name=measure]', 'DD-09');
      await page.evaluate(() => {
        document.querySelector('#list tbody tr:not([hidden]) details').open = true;
        document.querySelector('#h-findings').scrollIntoView();
      });
    },
  },
};

/** The lines of text in sight: a line for each block, without what is cut off. */
const linesInSight = () => {
  const blocks = new Map();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    const isInside = (box) => box.left >= 0 && box.top >= 0 && box.bottom <= innerHeight;
    // What is folded away has boxes, too.
    const isFolded = node.parentElement.closest('details:not([open])') && !node.parentElement.closest('summary');
    const inSight = boxes.length > 0 && boxes.every(isInside) && !isFolded;
    if (!inSight || !node.data.trim() || node.parentElement.closest('.sr, script, style, option')) continue;
    let block = node.parentElement;
    while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement;
    blocks.set(block, `${blocks.get(block) ?? ''} ${node.data}`);
  }
  return [...blocks.values()].map((text) => text.replace(/\s+/gu, ' ').trim());
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
});
let stale = 0;
for (const [name, { height, show }] of Object.entries(pictures)) {
  const context = await browser.newContext({ viewport: { width: 1200, height }, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'load' });
  await show(page);
  const lines = await page.evaluate(linesInSight);
  const files = { picture: path.join(folder, `${name}.png`), text: path.join(folder, `${name}.txt`) };
  if (mode === 'write') await page.screenshot({ path: files.picture });
  const digest = createHash('sha256').update(fs.readFileSync(files.picture)).digest('hex');
  const wanted = `${name}.png ${digest}\n\n${lines.join('\n')}\n`;
  if (mode === 'write') fs.writeFileSync(files.text, wanted);
  const isFresh = fs.existsSync(files.text) && fs.readFileSync(files.text, 'utf8') === wanted;
  console.log(`${isFresh ? 'ok    ' : 'STALE '} ${files.picture}`);
  if (!isFresh) stale += 1;
  await context.close();
}
await browser.close();
if (stale > 0) console.log('take the pictures anew: DULY_PICTURES=write cargo test --test browser');
process.exit(stale > 0 ? 1 : 0);
