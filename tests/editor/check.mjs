// Edits files of duly as an editor would: node check.mjs REPOSITORY SCHEMAS
//
// The setting is the one of docs/editors.md. Every YAML file of the examples and of the pack has no false error; fields are
// offered and explained in each form of a file of records; a misspelt key is an error where it stands. Prints a line a
// check and closes with "N passed, N failed"; exit status 1 if a check failed.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { start } from './lsp.mjs';

const [repository, schemas] = process.argv.slice(2).map((argument) => path.resolve(argument));
const guide = fs.readFileSync(path.join(repository, 'docs/editors.md'), 'utf8');
const setting = JSON.parse(/```json\n(.*?)```/su.exec(guide)[1])['yaml.schemas'];
const url = (file) => pathToFileURL(file).href;
const mapped = Object.fromEntries(Object.entries(setting)
  .map(([schema, files]) => [url(path.join(schemas, path.basename(schema))), files]));

let passed = 0;
let failed = 0;

/** `wrong` lists what is not as it must be. */
function judge(check, wrong) {
  if (wrong.length === 0) passed += 1;
  else failed += 1;
  console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'} ${check}`);
  for (const line of wrong.slice(0, 10)) console.log(`       ${line}`);
  if (wrong.length > 10) console.log(`       and ${wrong.length - 10} more`);
}

const said = (diagnostic) =>
  `${diagnostic.range.start.line + 1}:${diagnostic.range.start.character + 1} ${diagnostic.message}`;

/** Every YAML file below a folder of a workspace. */
async function noFalseError(root, below) {
  const server = await start(root, mapped);
  const wrong = [];
  const files = fs.readdirSync(path.join(root, below), { recursive: true })
    .map((file) => path.join(below, file)).filter((file) => /\.ya?ml$/u.test(file));
  for (const file of files) {
    const uri = url(path.join(root, file));
    const found = await server.open(uri, fs.readFileSync(path.join(root, file), 'utf8'));
    for (const diagnostic of found) wrong.push(`${file}:${said(diagnostic)}`);
    await server.close(uri);
  }
  await server.stop();
  if (files.length === 0) wrong.push('there is no file');
  judge(`${path.relative(repository, path.join(root, below))}: no false error in ${files.length} files`, wrong);
}

for (const example of ['meridian-labs', 'clean-harbor', 'first-audit/week-one', 'first-audit/clean']) {
  await noFalseError(path.join(repository, 'examples', example), '.');
}
await noFalseError(repository, 'policies');

const server = await start(path.join(repository, 'examples/clean-harbor'), mapped);
let n = 0;
/** Opens a text in which `|` marks a place. */
async function probe(text, file) {
  const at = text.indexOf('|');
  const before = text.slice(0, at).split('\n');
  n += 1;
  // A server keeps what it knew of a file that is opened again.
  const own = file?.includes('/') ? file.replace('own', `own-${n}`) : file && `folder-${n}/${file}`;
  const uri = url(path.join(repository, 'examples/clean-harbor', own ?? `workers/probe-${n}.yaml`));
  const found = await server.open(uri, text.slice(0, at) + text.slice(at + 1));
  const place = [before.length - 1, before.at(-1).length];
  const answer = {
    errors: found.map(said),
    offered: await server.complete(uri, ...place),
    hover: await server.hover(uri, ...place),
  };
  await server.close(uri);
  return answer;
}

const FORMS = {
  'one record': ['', ''],
  'several documents': ['kind: device\nid: D-1\n---\n', ''],
  'a list': ['- ', '  '],
  'a list under records': ['records:\n  - ', '    '],
};
for (const [form, [first, next]] of Object.entries(FORMS)) {
  const worker = `${first}kind: worker\n${next}id: W-1\n${next}`;
  const fields = await probe(`${worker}|`);
  const offers = ['name', 'engagement', 'status'].filter((field) => !fields.offered.includes(field));
  judge(`${form}: fields of a worker are offered`, offers.map((field) => `${field} is not`));
  const kinds = await probe(`${first}kind: |`);
  judge(`${form}: kinds are offered`, ['worker', 'shipment'].filter((kind) => !kinds.offered.includes(kind)));
  const hover = await probe(`${worker}engag|ement: employee\n`);
  judge(`${form}: a field is explained`, /How the person is engaged/u.test(hover.hover) ? [] : [hover.hover]);
  const line = worker.split('\n').length;
  const misspelt = await probe(`${worker}engagment|: employee\n`);
  const wanted = `${line}:${next.length + 1} Property engagment is not allowed.`;
  judge(`${form}: a misspelt key is an error where it stands`, misspelt.errors.join() === wanted ? [] : misspelt.errors);
}
for (const [file, text, key, word] of [
  ['duly.yaml', '|', 'sources', /Which files hold records/u],
  ['duly-baseline.yaml', 'version: 1\nas_of: 2026-06-30\n|', 'findings', null],
  ['duly-losses.yaml', 'version: 1\n|', 'losses', null],
  ['policies/own/pack.yaml', 'name: own\n|', 'version', null],
  ['policies/own/X-01.yaml', 'measure: X-01\n|', 'checks', null],
  ['policies/own/tests/X-01.yaml', 'measure: X-01\n|', 'tests', null],
]) {
  const { offered } = await probe(text, file);
  judge(`${file}: keys are offered`, offered.includes(key) ? [] : [`${key} is not among ${offered.join(', ')}`]);
  if (word) {
    const { hover } = await probe(`${key.slice(0, 3)}|${key.slice(3)}: []\n`, file);
    judge(`${file}: a key is explained`, word.test(hover) ? [] : [hover]);
  }
  const { errors } = await probe(`no_such_key|: 1\n`, file);
  judge(`${file}: an unknown key is an error`, errors.some((error) => error.includes('Property no_such_key is not allowed')) ? [] : errors);
}
await server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
