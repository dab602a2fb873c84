// Opens files in a real YAML language server, as an editor does, and says what is not as it must be.
//
//   node check.mjs FOLDER
//
// FOLDER is a workspace with `.vscode/settings.json`. Every YAML file in it must be free of errors, and with a misspelt key
// have one at that key. Then files that are being written are opened there, with a cursor, and held to what an editor must offer and mark.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require("vscode-jsonrpc/node");

const folder = resolve(process.argv[2]);
const settings = JSON.parse(readFileSync(join(folder, ".vscode/settings.json"), "utf8"));
const yaml = { schemas: settings["yaml.schemas"], schemaStore: { enable: false }, validate: true, hover: true, completion: true };

const faults = [];
const uriOf = (path) => pathToFileURL(join(folder, path)).href;

/** A server in the folder, with what is asked of it here. */
async function start() {
  const command = join(require.resolve("yaml-language-server/package.json"), "../bin/yaml-language-server");
  const server = spawn(process.execPath, [command, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  const waiting = new Map();
  connection.onRequest("workspace/configuration", ({ items }) => items.map(({ section }) => (section === "yaml" ? yaml : {})));
  connection.onRequest("client/registerCapability", () => null);
  connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => waiting.get(uri)?.(diagnostics));
  connection.onNotification(() => {});
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "audited" }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true } },
      textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ["markdown"] } },
    },
  });
  await connection.sendNotification("initialized", {});
  await connection.sendNotification("workspace/didChangeConfiguration", { settings: { yaml } });
  const at = (path, position) => ({ textDocument: { uri: uriOf(path) }, position });
  return {
    /** The problems of a file, which the server gives when it has read it. */
    async open(path, text) {
      const problems = new Promise((found) => waiting.set(uriOf(path), found));
      const textDocument = { uri: uriOf(path), languageId: "yaml", version: 1, text };
      await connection.sendNotification("textDocument/didOpen", { textDocument });
      return problems;
    },
    async completions(path, position) {
      const found = await connection.sendRequest("textDocument/completion", at(path, position));
      return (found?.items ?? found ?? []).map((item) => item.label);
    },
    async hover(path, position) {
      const found = await connection.sendRequest("textDocument/hover", at(path, position));
      return found?.contents?.value ?? "";
    },
    async stop() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      connection.dispose();
    },
  };
}

const inWords = ({ range: { start }, message }) => `${start.line + 1}:${start.character + 1}: ${message}`;

// What is asked at the cursor, `|`, in a file that is being written: keys or values that are offered, a part of what is
// shown about it, and the only problem, which must stand at the cursor.
const WRITTEN = [
  // Completion in each form of a file of records.
  { path: "new-1.yaml", text: "|", offers: ["kind", "id", "records"] },
  { path: "new-2.yaml", text: "kind: |", offers: ["worker", "device", "plan-item"] },
  { path: "new-3.yaml", text: "kind: worker\nid: W-1\n|", offers: ["engagement", "status", "vendor"] },
  { path: "new-4.yaml", text: "kind: worker\nid: W-1\neng|", offers: ["engagement"] },
  { path: "new-5.yaml", text: "- kind: worker\n  id: W-1\n  |", offers: ["engagement", "status"] },
  { path: "new-6.yaml", text: "records:\n  - kind: device\n    id: D-1\n  - kind: worker\n    id: W-1\n    |", offers: ["engagement"] },
  { path: "new-7.yaml", text: "kind: device\nid: D-1\n---\nkind: worker\nid: W-1\n|", offers: ["engagement", "status"] },
  { path: "new-8.yaml", text: "kind: worker\nid: W-1\nengagement: |", offers: ["employee", "freelancer"] },
  // Hover.
  { path: "read-1.yaml", text: "kind: worker\nid: W-1\nengage|ment: employee\n", shows: "How the person is engaged" },
  { path: "read-2.yaml", text: "- kind: worker\n  id: W-1\n  engage|ment: employee\n", shows: "How the person is engaged" },
  { path: "read-3.yaml", text: "records:\n  - kind: worker\n    id: W-1\n    engage|ment: employee\n", shows: "How the person is engaged" },
  { path: "duly.yaml", text: "owners: {}\nfail|_on: high\n", shows: "the least severity of a gap" },
  // The error at the very key or value.
  { path: "bad-1.yaml", text: "kind: worker\nid: W-1\n|engagment: employee\n", refused: "engagment" },
  { path: "bad-2.yaml", text: "- kind: worker\n  id: W-1\n  |engagment: employee\n", refused: "engagment" },
  { path: "bad-3.yaml", text: "records:\n  - kind: device\n    id: D\n  - kind: worker\n    id: W-1\n    |engagment: employee\n", refused: "engagment" },
  { path: "bad-4.yaml", text: "kind: device\nid: D\n---\nkind: worker\nid: W-1\n|engagment: employee\n", refused: "engagment" },
  { path: "bad-5.yaml", text: "records:\n  - kind: |wroker\n    id: W-1\n", refused: "Value is not accepted" },
  { path: "bad-6.yaml", text: "kind: worker\nid: W-1\nengagement: |employe\n", refused: "Value is not accepted" },
  { path: "bad-7.yaml", text: "records:\n  - kind: worker\n    id: W-1\n|stray: 1\n", refused: "stray" },
  { path: "bad-8.yaml", text: "kind: shipment\nid: S-1\nto: { |sreet: x }\n", refused: "sreet" },
  { path: "duly-losses.yaml", text: "version: 1\nlosses:\n  - |knd: worker\n    reason: a\n    approved_by: b\n    approved_on: 2026-01-01\n", refused: "knd" },
  { path: "packs/new/pack.yaml", text: "name: a\nversion: 1.0.0\ntitle: b\n|documnts: []\n", refused: "documnts" },
  { path: "packs/new/tests/A-1.yaml", text: "measure: A-1\ntests:\n  - name: a\n    records:\n      - { kind: worker, id: W-1, |engagment: x }\n    expect: { a: gap }\n", refused: "engagment" },
  { path: "packs/new/tests/A-2.yaml", text: "measure: A-2\ntests:\n  - name: a\n    records:\n      - kind: worker\n        id: W-1\n        |", offers: ["engagement"] },
  { path: "packs/new/A-2.yaml", text: "checks:\n  - id: a\n    |", offers: ["require", "grade", "missing"] },
  // What no kind of a pack is may still be written.
  { path: "fine-1.yaml", text: "kind: device\nid: 12\nos_version: 14.5|\n", refused: null },
];

const server = await start();
const files = readdirSync(folder, { recursive: true }).filter((path) => /\.ya?ml$/.test(path)).sort();
await Promise.all(
  files.map(async (path) => {
    const text = readFileSync(join(folder, path), "utf8");
    const problems = await server.open(path, text);
    faults.push(...problems.map((problem) => `${path}:${inWords(problem)}`));
    if (path.startsWith(".")) return; // of another tool
    // The same with a key misspelt: `id`, where there is one, else the first one.
    const key = /^(?!\s*#)(?:.*[\s{])?(id)(?=: )/dm.exec(text) ?? /^([a-z_]+)(?=:)/dm.exec(text);
    const [start, end] = key.indices[1];
    const before = text.slice(0, start).split("\n");
    const at = `${before.length}:${before.at(-1).length + 1}: `;
    const wrong = `${text.slice(start, end)}x`;
    const found = (await server.open(join("misspelt", path), text.slice(0, start) + wrong + text.slice(end))).map(inWords);
    const isTold = found.some((problem) => problem.startsWith(at) && problem.includes(wrong));
    if (!isTold) faults.push(`${path}:${at}\`${wrong}\` is not refused: ${JSON.stringify(found)}`);
  }),
);

for (const { path: written, text, offers = [], shows, refused } of WRITTEN) {
  const path = join(written);
  const before = text.slice(0, text.indexOf("|")).split("\n");
  const position = { line: before.length - 1, character: before.at(-1).length };
  // The file itself is open already, where there is one.
  const opened = files.includes(path) ? join("other", path) : path;
  const problems = (await server.open(opened, text.replace("|", ""))).map(inWords);
  if (offers.length > 0) {
    const found = await server.completions(opened, position);
    const missing = offers.filter((offer) => !found.includes(offer));
    if (missing.length > 0) faults.push(`${path}: not offered in ${JSON.stringify(text)}: ${missing.join(", ")}`);
  }
  if (shows !== undefined) {
    const found = await server.hover(opened, position);
    if (!found.includes(shows)) faults.push(`${path}: ${JSON.stringify(text)} shows ${JSON.stringify(found)}`);
  }
  if (refused !== undefined) {
    const at = `${position.line + 1}:${position.character + 1}: `;
    const isIt = ([only, ...more]) => more.length === 0 && only?.startsWith(at) && only.includes(refused);
    const isRight = refused === null ? problems.length === 0 : isIt(problems);
    if (!isRight) faults.push(`${path}: ${JSON.stringify(text)} has the problems ${JSON.stringify(problems)}`);
  }
}
await server.stop();

for (const fault of faults.slice(0, 40)) console.log(fault);
console.log(`${files.length} files, ${WRITTEN.length} cursors, ${faults.length} faults`);
process.exitCode = faults.length > 0 || files.length === 0 ? 1 : 0;
