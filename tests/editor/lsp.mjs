// A client of the YAML language server: as much of the protocol as the tests need.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-jsonrpc/node');

/** Starts a server for a folder, with schemas by their URL and the globs of the files they are for. */
export async function start(root, schemas) {
  const server = spawn(process.execPath, [require.resolve('yaml-language-server/bin/yaml-language-server'), '--stdio'],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  const yaml = { schemas, validate: true, hover: true, completion: true, schemaStore: { enable: false } };
  const waiting = new Map();
  connection.onRequest('workspace/configuration', ({ items }) => items.map((item) => (item.section === 'yaml' ? yaml : {})));
  connection.onRequest('client/registerCapability', () => null);
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => waiting.get(uri)?.(diagnostics));
  connection.onNotification(() => {});
  connection.listen();
  const folder = { uri: pathToFileURL(root).href, name: 'folder' };
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: folder.uri,
    workspaceFolders: [folder],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true } },
      textDocument: { completion: {}, hover: { contentFormat: ['markdown'] }, publishDiagnostics: {} },
    },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings: { yaml } });
  const at = (uri, line, character) => ({ textDocument: { uri }, position: { line, character } });
  return {
    /** Opens a file; what the server finds wrong with it. */
    async open(uri, text) {
      const found = new Promise((resolve) => { waiting.set(uri, resolve); });
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
      return found;
    },
    close: (uri) => connection.sendNotification('textDocument/didClose', { textDocument: { uri } }),
    /** Labels of what is offered at a place. */
    async complete(uri, line, character) {
      const offered = await connection.sendRequest('textDocument/completion', at(uri, line, character));
      return (offered?.items ?? offered ?? []).map((item) => item.label);
    },
    /** What is said of a place. */
    async hover(uri, line, character) {
      const said = await connection.sendRequest('textDocument/hover', at(uri, line, character));
      return said?.contents?.value ?? '';
    },
    async stop() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      connection.dispose();
      server.kill();
    },
  };
}
