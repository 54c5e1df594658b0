// Drives phivet lsp with the client library of VS Code, on the project in
// $ROOT. Each step that came true is printed; the first that does not ends the
// script with an error.
"use strict";
const { spawn } = require("child_process");
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const lsp = require("vscode-languageserver-protocol/node");

const root = process.env.ROOT;
const uri = (name) => pathToFileURL(path.join(root, name)).toString();
const say = (text) => process.stdout.write(text + "\n");

const server = spawn(process.env.PHIVET, ["lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const left = new Promise((resolve) => server.on("exit", resolve));
const connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin));

const published = new Map();
let waiting = [];
connection.onNotification(lsp.PublishDiagnosticsNotification.type, (p) => {
  published.set(p.uri, p.diagnostics);
  waiting = waiting.filter((w) => !w());
});
const registered = [];
connection.onRequest(lsp.RegistrationRequest.type, (p) => { registered.push(...p.registrations); });
connection.onError(([error]) => { throw error; });
connection.onUnhandledNotification((m) => { if (!m.method.startsWith("window/")) throw new Error("unknown " + m.method); });

const has = (name, code) => (published.get(uri(name)) || []).some((d) => d.code === code);

function await_(text, ok) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(text + ": " + JSON.stringify([...published]).slice(0, 3000))), 180000);
    const check = () => {
      if (!ok()) return false;
      clearTimeout(timer);
      say("ok " + text);
      resolve();
      return true;
    };
    if (!check()) waiting.push(check);
  });
}

function assert(text, ok) {
  if (!ok) throw new Error(text);
  say("ok " + text);
}

const versions = new Map();
const texts = new Map();

function open(name, languageId) {
  const text = fs.readFileSync(path.join(root, name), "utf8");
  versions.set(name, 1);
  texts.set(name, text);
  connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument: { uri: uri(name), languageId, version: 1, text } });
}

// change replaces a range, as typing does.
function change(name, range, text) {
  const version = versions.get(name) + 1;
  versions.set(name, version);
  texts.set(name, edited(texts.get(name), [{ range, newText: text }]));
  connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, { textDocument: { uri: uri(name), version }, contentChanges: [{ range, text }] });
}

// offset counts as JavaScript does, which is in UTF-16 units.
function offset(text, p) {
  let at = 0;
  for (let line = 0; line < p.line; line++) at = text.indexOf("\n", at) + 1;
  return at + p.character;
}

function edited(text, edits) {
  const order = [...edits].sort((a, b) => offset(text, b.range.start) - offset(text, a.range.start));
  for (const e of order) text = text.slice(0, offset(text, e.range.start)) + e.newText + text.slice(offset(text, e.range.end));
  return text;
}

async function action(name, range, title) {
  const all = await connection.sendRequest(lsp.CodeActionRequest.type, { textDocument: { uri: uri(name) }, range, context: { diagnostics: published.get(uri(name)) || [], only: ["quickfix"] } });
  const found = all.find((a) => a.title.startsWith(title));
  if (!found) throw new Error("no action " + title + " among " + all.map((a) => a.title).join(", "));
  return found;
}

function apply(name, action) {
  for (const d of action.edit.documentChanges) {
    if (d.textDocument.uri !== uri(name) || d.textDocument.version !== versions.get(name)) throw new Error("the edit is for another text");
    for (const e of [...d.edits].reverse()) change(name, e.range, e.newText);
  }
}

const at = (line, character) => ({ start: { line, character }, end: { line, character } });
const patients = "migrations/001_patients.up.sql";
const guard = "migrations/002_guard.up.sql";
const store = "store/store.go";

async function main() {
  connection.listen();
  const result = await connection.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid, rootUri: uri("."), workspaceFolders: [{ uri: uri("."), name: "clinic" }],
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true }, workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] } },
      textDocument: { publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true }, hover: { contentFormat: ["markdown"] }, codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] } } },
    },
  });
  assert("it says what it can", result.capabilities.hoverProvider && result.capabilities.positionEncoding === "utf-16");
  connection.sendNotification(lsp.InitializedNotification.type, {});
  await await_("diagnostics of files that are not open", () => has(patients, "PHI501"));
  open(patients, "sql");
  open(guard, "sql");
  change(guard, { start: { line: 0, character: 0 }, end: { line: 0, character: 9 } },
    "-- 😀 é\nALTER TABLE patients ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\nCREATE POLICY own ON patients USING (id = current_setting('app.patient', true)::bigint);");
  await await_("a change of another buffer clears them", () => !has(patients, "PHI501"));
  change(guard, { start: { line: 1, character: 0 }, end: { line: 2, character: 200 } }, "");
  await await_("they come back", () => has(patients, "PHI501"));
  const d = published.get(uri(patients)).find((d) => d.code === "PHI501");
  assert("the code leads to the rule's page", d.codeDescription.href.includes("/docs/rules/PHI501-"));
  assert("the range is the table's name", texts.get(patients).slice(offset(texts.get(patients), d.range.start), offset(texts.get(patients), d.range.end)) === "patients");

  const hover = await connection.sendRequest(lsp.HoverRequest.type, { textDocument: { uri: uri(patients) }, position: { line: 2, character: 6 } });
  assert("hover shows the class and the help", hover.contents.kind === "markdown" && hover.contents.value.includes("patients.ssn**: SSN") && hover.contents.value.includes("### How to fix"));
  const repair = await connection.sendRequest(lsp.CodeActionResolveRequest.type, await action(patients, at(0, 15), "PHI501: add a migration"));
  const [made, filled] = repair.edit.documentChanges;
  assert("a new migration is offered", made.kind === "create" && made.uri.includes("/migrations/003_") && filled.edits[0].newText.includes("ENABLE ROW LEVEL SECURITY"));
  apply(patients, await action(patients, at(2, 6), "Mark patients.ssn as no PHI"));
  await await_("a mark takes the column out", () => !published.get(uri(patients)).some((d) => d.range.start.line === 2));
  apply(patients, await action(patients, at(0, 15), "Silence PHI501 here: false alarm"));
  await await_("a directive silences", () => !has(patients, "PHI501"));

  open(store, "go");
  await await_("Go is judged when it is opened", () => has(store, "PHI101"));
  assert("a flow is shown", published.get(uri(store)).find((d) => d.code === "PHI101").relatedInformation.length >= 2);
  const fix = await action(store, at(6, 20), "PHI101: ");
  assert("the fix is preferred", fix.isPreferred);
  apply(store, fix);
  fs.writeFileSync(path.join(root, store), texts.get(store));
  connection.sendNotification(lsp.DidSaveTextDocumentNotification.type, { textDocument: { uri: uri(store) } });
  await await_("the fix of Go code clears its finding", () => !has(store, "PHI101"));

  assert("it asks to be told of files", registered.some((r) => r.method === "workspace/didChangeWatchedFiles"));
  fs.writeFileSync(path.join(root, ".phivet.toml"), "[severity]\nPHI405 = \"off\"\n");
  connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, { changes: [{ uri: uri(".phivet.toml"), type: 1 }] });
  await await_("a configuration counts", () => !has(patients, "PHI405"));

  await connection.sendRequest(lsp.ShutdownRequest.type);
  connection.sendNotification(lsp.ExitNotification.type);
  assert("the server leaves with 0", (await left) === 0);
}

main().catch((error) => {
  say("FAIL " + error.message);
  server.kill();
  process.exitCode = 1;
});
